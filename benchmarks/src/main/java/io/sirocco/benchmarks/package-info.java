/** What the parts that run on every step cost, measured with JMH. */
@NullMarked
package io.sirocco.benchmarks;

import org.jspecify.annotations.NullMarked;
