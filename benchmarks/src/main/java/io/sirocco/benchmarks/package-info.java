/** What is measured by hand: parts that run on every step with JMH, the engine, and a whole worker. */
@NullMarked
package io.sirocco.benchmarks;

import org.jspecify.annotations.NullMarked;
