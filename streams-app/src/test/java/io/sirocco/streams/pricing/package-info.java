/** Tests of prices, costs and their one rounding. */
@NullMarked
package io.sirocco.streams.pricing;

import org.jspecify.annotations.NullMarked;
