package io.sirocco.worker.model.torch;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.IValue;
import io.sirocco.worker.model.ModelLoadException;
import java.util.function.LongSupplier;

/**
 * How fast a device multiplies large matrices of a precision's element type: plain products, of which
 * nobody could make more.
 *
 * <p>Stateless; thread-safe.
 */
public final class MatrixRate {
  private static final int ROWS_ON_CARD = 8192;
  private static final int ROWS_ON_PROCESSORS = 1024;
  private static final int PRODUCTS_OF_EACH = 4;
  private static final int REPETITIONS = 7;
  private static final int UNCOUNTED = 2;

  private MatrixRate() {}

  /**
   * Multiplies.
   *
   * @param threads that share an operation of the processors
   * @param nanos the clock
   * @return floating-point operations/s of each repetition; a product and its sum are two
   * @throws ModelLoadException when there is no such device, or too little memory on it
   */
  public static double[] measure(
      ComputeDevice device, Precision precision, int threads, LongSupplier nanos)
      throws ModelLoadException {
    int rows = device.isCard() ? ROWS_ON_CARD : ROWS_ON_PROCESSORS;
    return measure(device, precision, threads, rows, nanos);
  }

  static double[] measure(
      ComputeDevice device, Precision precision, int threads, int rows, LongSupplier nanos)
      throws ModelLoadException {
    try (NativeScope scope = new NativeScope(TorchRuntime.open(threads))) {
      TorchRuntime.prepareThread();
      TorchProgram program = TorchProgram.compile(TorchProgram.decoder(), scope);
      IValue home = TorchModel.home(program, scope, device);
      IValue type = scope.integer(precision.elementType().code());
      IValue matrix = program.run(scope, "matrix", scope.integer(rows), type, home);
      double[] rates = new double[REPETITIONS];
      for (int i = -UNCOUNTED; i < REPETITIONS; i++) {
        long begin = nanos.getAsLong();
        double sum = program
            .run(scope, "multiply", matrix, scope.integer(PRODUCTS_OF_EACH))
            .toDouble();
        long taken = nanos.getAsLong() - begin;
        if (Math.abs(sum - 1) > 0.01) {
          throw new IllegalStateException("expected rows with a sum of 1, found " + sum);
        }
        rates[Math.max(i, 0)] = 1e9 * PRODUCTS_OF_EACH * 2 * Math.pow(rows, 3) / taken;
      }
      return rates;
    } catch (EngineException e) {
      throw new ModelLoadException(
          "expected two matrices of %d rows on %s, found: %s"
              .formatted(rows, device, TorchFailure.reason(e)),
          e);
    }
  }
}
