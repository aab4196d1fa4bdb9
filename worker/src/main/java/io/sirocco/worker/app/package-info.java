/** Wiring: the only place that knows all parts of a worker. */
@NullMarked
package io.sirocco.worker.app;

import org.jspecify.annotations.NullMarked;
