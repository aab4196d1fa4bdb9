/** History under the prices of now: what is to be corrected, and how that is written. */
@NullMarked
package io.sirocco.streams.reprice;

import org.jspecify.annotations.NullMarked;
