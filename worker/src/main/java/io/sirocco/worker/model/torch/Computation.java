package io.sirocco.worker.model.torch;

import ai.djl.engine.EngineException;
import io.sirocco.worker.model.folder.ModelConfig;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the parts of a step are computed.
 *
 * <p>Immutable.
 *
 * @param linear the kernel of linear layers
 * @param flash whether attention is flash attention where that can be
 * @param remote whether a step's inputs are sent to a device, and only what is needed comes back
 */
record Computation(LinearKernel linear, boolean flash, boolean remote) {
  private static final Logger log = LoggerFactory.getLogger(Computation.class);

  /** The widest heads that the kernel of flash attention takes, and of what they are multiples. */
  private static final int MOST_HEAD_DIM = 256;

  private static final int HEAD_DIM_MULTIPLE = 8;

  /** How it is chosen; empty when the precision cannot be computed. */
  @FunctionalInterface
  interface Choice {
    Optional<Computation> choose(TorchProgram program, NativeScope model, Precision precision);
  }

  /** The fastest way that there is on the device of the settings. */
  static Choice fastest(TorchModelSettings settings, ModelConfig config) {
    return settings.device().isCard()
        ? (program, model, precision) -> onCard(program, model, precision, settings, config)
        : Computation::onProcessors;
  }

  /** Whether anything on the device may be able to compute the precision. */
  static boolean isPossible(TorchModelSettings settings) {
    return switch (settings.precision()) {
      case F32, BF16 -> true;
      case W8A8, INT4 -> !settings.device().isCard();
    };
  }

  /** The fastest way that the processors have. */
  static Optional<Computation> onProcessors(
      TorchProgram program, NativeScope model, Precision precision) {
    return LinearKernel.fastest(program, model, precision).map(Computation::onProcessors);
  }

  /** That kernel on the processors. */
  static Computation onProcessors(LinearKernel kernel) {
    return new Computation(kernel, false, false);
  }

  /** cuBLAS takes matrices as they are; flash attention has no float32. */
  private static Optional<Computation> onCard(
      TorchProgram program,
      NativeScope model,
      Precision precision,
      TorchModelSettings settings,
      ModelConfig config) {
    return switch (precision) {
      case F32 -> Optional.of(new Computation(LinearKernel.PLAIN, false, true));
      case BF16 -> {
        boolean flash = fits(settings, config) && attends(program, model, settings, config);
        yield Optional.of(new Computation(LinearKernel.PLAIN, flash, true));
      }
      case W8A8, INT4 -> Optional.empty();
    };
  }

  /** Rows of the cache are counted in 32 bits. */
  private static boolean fits(TorchModelSettings settings, ModelConfig config) {
    return config.headDim() <= MOST_HEAD_DIM
        && config.headDim() % HEAD_DIM_MULTIPLE == 0
        && (long) settings.cacheTokens() * config.kvHeads() <= Integer.MAX_VALUE;
  }

  /** Whether the kernel is there and computes what the program takes it for; tried. */
  private static boolean attends(
      TorchProgram program, NativeScope model, TorchModelSettings settings, ModelConfig config) {
    try (NativeScope scope = model.child()) {
      long type = Precision.BF16.elementType().code();
      program.run(
          scope,
          "probe_flash",
          scope.integers(config.heads(), config.kvHeads(), config.headDim(), 0, 0, type, 0, 0, 0),
          program.run(scope, "home", scope.text(settings.device().name())));
      return true;
    } catch (EngineException e) {
      log.debug("The probe of flash attention failed", e);
      log.warn(
          "{} has no flash attention that computes what is expected, attention is slower cause={}",
          settings.device(),
          TorchFailure.reason(e));
      return false;
    }
  }
}
