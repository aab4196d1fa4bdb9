/** Usage events to totals: the processors, their stores, and how they hang together. */
@NullMarked
package io.sirocco.streams.topology;

import org.jspecify.annotations.NullMarked;
