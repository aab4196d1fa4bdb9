/** What is well with brokers, topics and this machine, what is not, and what to change. */
@NullMarked
package io.sirocco.embedded.doctor;

import org.jspecify.annotations.NullMarked;
