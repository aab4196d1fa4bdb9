package io.sirocco.worker.model.torch;

import ai.djl.pytorch.jni.IValue;

/**
 * The weights in native memory, in the lists that the program takes.
 *
 * <p>Immutable. Freed with the model's scope.
 *
 * @param embedding in the file's type; on the processors mapped from the file
 * @param norms in float32 in every precision, two a layer and the final one
 * @param linears in the form that their kernel takes, but for the routers, which are in float32; the
 *     program says in which order
 * @param scales of quantised linears
 */
record DecoderWeights(IValue embedding, IValue norms, IValue linears, IValue scales) {}
