/** Tests of the sketch. */
@NullMarked
package io.sirocco.streams.latency;

import org.jspecify.annotations.NullMarked;
