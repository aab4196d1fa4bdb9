/** The decoder on libtorch: a TorchScript program, the weights and the cache in native memory. */
@NullMarked
package io.sirocco.worker.model.torch;

import org.jspecify.annotations.NullMarked;
