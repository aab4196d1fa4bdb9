/**
 * The sampling core: one row of logits to one token, in the order that {@link
 * io.sirocco.worker.sampling.Sampler} tells. A function of the request and of the tokens so far; the
 * JDK only.
 */
@NullMarked
package io.sirocco.worker.sampling;

import org.jspecify.annotations.NullMarked;
