/** The step loop: schedule, forward, sample, deliver. Knows neither Kafka nor a tensor library. */
@NullMarked
package io.sirocco.worker.engine;

import org.jspecify.annotations.NullMarked;
