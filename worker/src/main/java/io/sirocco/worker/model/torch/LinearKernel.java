package io.sirocco.worker.model.torch;

import ai.djl.engine.EngineException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How linear layers are computed.
 *
 * <p>Immutable.
 */
enum LinearKernel {
  /** libtorch on weights as they are: everywhere; on a card, cuBLAS. */
  PLAIN(0),
  /** oneDNN on weights that were brought into its own layout once: two to four times as fast. */
  PREPACKED(1),
  /** oneDNN on integers of eight bits. */
  W8A8(2),
  /** libtorch on packed integers of four bits. */
  INT4(3),
  /** The same, but where many rows are multiplied, the weights are widened to bf16 for it. */
  INT4_WIDENED(4);

  private static final Logger LOG = LoggerFactory.getLogger(LinearKernel.class);

  private final int code;

  LinearKernel(int code) {
    this.code = code;
  }

  /** The program's name for it. */
  int code() {
    return code;
  }

  /** Whether it is oneDNN's. */
  boolean isOneDnn() {
    return this == PREPACKED || this == W8A8;
  }

  /** The fastest kernel that this CPU has for the precision, if any: tried on small matrices. */
  static Optional<LinearKernel> fastest(
      TorchProgram program, NativeScope model, Precision precision) {
    List<LinearKernel> candidates = switch (precision) {
      case F32, BF16 -> List.of(PREPACKED, PLAIN);
      case W8A8 -> List.of(W8A8);
      case INT4 -> List.of(INT4_WIDENED, INT4);
    };
    return candidates.stream()
        .filter(kernel -> kernel.computes(program, model, precision))
        .findFirst();
  }

  private boolean computes(TorchProgram program, NativeScope model, Precision precision) {
    try (NativeScope scope = model.child()) {
      program.run(
          scope, "probe", scope.integer(precision.elementType().code()), scope.integer(code));
      return true;
    } catch (EngineException e) {
      LOG.debug("The probe of {} linear layers failed", this, e);
      LOG.info("This CPU has no {} linear layers in {}", this, precision);
      return false;
    }
  }
}
