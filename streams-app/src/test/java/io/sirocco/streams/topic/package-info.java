/** Tests of reading and writing prices and totals on a real broker. */
@NullMarked
package io.sirocco.streams.topic;

import org.jspecify.annotations.NullMarked;
