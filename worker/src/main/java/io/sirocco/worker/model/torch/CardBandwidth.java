package io.sirocco.worker.model.torch;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.IValue;
import io.sirocco.worker.model.ModelLoadException;
import java.util.function.LongSupplier;

/**
 * How fast a card reads memory that no cache of it holds: the sum of 1 GiB, again and again.
 *
 * <p>Stateless; thread-safe.
 */
public final class CardBandwidth {
  private static final int ELEMENTS = 1 << 28;
  private static final int REPETITIONS = 15;

  /** What a call and its waiting cost would weigh, against a single sum of a third of a millisecond. */
  private static final int SUMS_OF_EACH = 16;

  /** Until the card runs at its full clock. */
  private static final int UNCOUNTED = 5;

  private CardBandwidth() {}

  /**
   * Reads the memory.
   *
   * @param nanos the clock
   * @return bytes/s of each repetition
   * @throws ModelLoadException when there is no such device, or too little memory on it
   */
  public static double[] measure(ComputeDevice device, LongSupplier nanos)
      throws ModelLoadException {
    return measure(device, ELEMENTS, nanos);
  }

  static double[] measure(ComputeDevice device, int elements, LongSupplier nanos)
      throws ModelLoadException {
    try (NativeScope scope = new NativeScope(TorchRuntime.open(1))) {
      TorchRuntime.prepareThread();
      TorchProgram program = TorchProgram.compile(TorchProgram.decoder(), scope);
      IValue home = TorchModel.home(program, scope, device);
      IValue memory = program.run(scope, "memory", scope.integer(elements), home);
      double[] rates = new double[REPETITIONS];
      for (int i = -UNCOUNTED; i < REPETITIONS; i++) {
        long begin = nanos.getAsLong();
        double sum =
            program.run(scope, "read_all", memory, scope.integer(SUMS_OF_EACH)).toDouble();
        long taken = nanos.getAsLong() - begin;
        if (Math.abs(sum / SUMS_OF_EACH - elements) > 0.01 * elements) {
          throw new IllegalStateException(
              "expected sums of %d, found %f in all".formatted(elements, sum));
        }
        rates[Math.max(i, 0)] = 1e9 * SUMS_OF_EACH * elements * Float.BYTES / taken;
      }
      return rates;
    } catch (EngineException e) {
      throw new ModelLoadException(
          "expected %d bytes on %s, found: %s"
              .formatted((long) elements * Float.BYTES, device, TorchFailure.reason(e)),
          e);
    }
  }
}
