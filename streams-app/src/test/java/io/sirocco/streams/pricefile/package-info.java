/** Tests of price files. */
@NullMarked
package io.sirocco.streams.pricefile;

import org.jspecify.annotations.NullMarked;
