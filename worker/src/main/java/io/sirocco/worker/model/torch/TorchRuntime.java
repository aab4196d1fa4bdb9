package io.sirocco.worker.model.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;

/**
 * The one place that touches what libtorch and DJL keep per process or per thread.
 *
 * <p>Per process: nothing is ever downloaded or reported to DJL's makers, there is one interop
 * thread (a step is one chain of operations), and the number of threads that share an operation is
 * that of the model loaded last. Per thread: whether TorchScript specialises programs on the shapes
 * that it sees, which costs more than it brings when each step has other shapes.
 *
 * <p>Stateless; thread-safe.
 */
final class TorchRuntime {
  private TorchRuntime() {}

  /** Starts libtorch, if it was not yet, and returns a new owner of native memory. */
  static PtNDManager open(int threads) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
    PtNDManager manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    JniUtils.setNumThreads(threads);
    return manager;
  }

  /** Turns specialisation off for the calling thread. */
  static void prepareThread() {
    JniUtils.setGraphExecutorOptimize(false);
  }
}
