/** Prices from files that others keep. */
@NullMarked
package io.sirocco.streams.pricefile;

import org.jspecify.annotations.NullMarked;
