/**
 * Real Kafka nodes: one inside this process, that the embedded form and the tests run on, and those of a
 * cluster, each with a process to itself.
 */
@NullMarked
package io.sirocco.broker;

import org.jspecify.annotations.NullMarked;
