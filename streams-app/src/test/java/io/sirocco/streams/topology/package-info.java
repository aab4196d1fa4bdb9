/** Tests of the topology without a broker. */
@NullMarked
package io.sirocco.streams.topology;

import org.jspecify.annotations.NullMarked;
