/** Measures a model's own speed, and what the machine allows. The port of the model and the JDK only. */
@NullMarked
package io.sirocco.worker.bench;

import org.jspecify.annotations.NullMarked;
