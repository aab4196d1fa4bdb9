package io.sirocco.worker.model.torch;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.EngineException;

/** Whether this machine and its native libraries have a card. */
final class Cards {
  static final ComputeDevice FIRST = new ComputeDevice("cuda:0");

  private Cards() {}

  /** Skips the test where there is none. */
  static void assumeOne() {
    assumeTrue(isThere(), "no card that libtorch can use: docs/gpu.md says what one needs");
  }

  /** Libraries that were made for a card, and do not load or find none, are a fault. */
  private static boolean isThere() {
    try (NativeScope scope = new NativeScope(TorchRuntime.open(1))) {
      TorchRuntime.prepareThread();
      TorchProgram.compile(TorchProgram.decoder(), scope)
          .run(scope, "home", scope.text(FIRST.name()));
      return true;
    } catch (EngineException e) {
      if (String.valueOf(System.getenv("PYTORCH_FLAVOR")).startsWith("cu")) {
        throw e;
      }
      return false;
    }
  }
}
