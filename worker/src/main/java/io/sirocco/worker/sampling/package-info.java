/** The sampling core: one row of logits to one token. Pure functions of their input; the JDK only. */
@NullMarked
package io.sirocco.worker.sampling;

import org.jspecify.annotations.NullMarked;
