/** Configuration: the settings of a worker, and the only place that knows their names. */
@NullMarked
package io.sirocco.worker.config;

import org.jspecify.annotations.NullMarked;
