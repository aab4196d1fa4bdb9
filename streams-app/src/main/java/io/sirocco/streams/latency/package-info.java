/** How long answers take: counts that add up exactly, and the quantiles they stand for. */
@NullMarked
package io.sirocco.streams.latency;

import org.jspecify.annotations.NullMarked;
