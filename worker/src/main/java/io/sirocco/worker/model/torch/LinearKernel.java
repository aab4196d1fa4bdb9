package io.sirocco.worker.model.torch;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.IValue;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How linear layers are computed.
 *
 * <p>Immutable.
 */
enum LinearKernel {
  /** oneDNN on weights that were brought into its own layout once: two to four times as fast. */
  PREPACKED,
  /** libtorch on weights as they are: everywhere. */
  PLAIN;

  private static final Logger LOG = LoggerFactory.getLogger(LinearKernel.class);
  private static final int PROBE_SIZE = 16;

  /** The fastest kernel that this CPU has for the precision: tried on a small matrix. */
  static LinearKernel fastest(TorchProgram program, NativeScope model, Precision precision) {
    try (NativeScope scope = model.child()) {
      ElementType type = precision.elementType();
      ByteBuffer zeros = ByteBuffer.allocateDirect(PROBE_SIZE * PROBE_SIZE * Float.BYTES);
      List<Long> square = List.of((long) PROBE_SIZE, (long) PROBE_SIZE);
      IValue matrix = scope.tensors(scope.arrayOver(zeros, square, type.carrier()));
      program.run(
          scope,
          "probe_prepacked",
          matrix,
          scope.integers(type.code()),
          scope.integer(type.code()));
      return PREPACKED;
    } catch (EngineException e) {
      LOG.info("This CPU has no prepacked linear layers in {}; computing plain ones", precision);
      LOG.debug("The probe of prepacked linear layers failed", e);
      return PLAIN;
    }
  }
}
