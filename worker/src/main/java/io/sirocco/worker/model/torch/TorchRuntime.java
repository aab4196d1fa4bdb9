package io.sirocco.worker.model.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.Utils;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  /**
   * Starts libtorch, if it was not yet, and returns a new owner of native memory.
   *
   * @throws EngineException when the libraries do not load, or are not where it is said that they are
   */
  static PtNDManager open(int threads) {
    requireLibraries(Utils.getEnvOrSystemProperty("PYTORCH_LIBRARY_PATH"));
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
    PtNDManager manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    JniUtils.setNumThreads(threads);
    return manager;
  }

  /** DJL would take its own libraries in place of those that are not there, and say nothing. */
  static void requireLibraries(@Nullable String path) {
    String library = System.mapLibraryName("torch");
    if (path != null
        && !path.isEmpty()
        && Stream.of(path.split(File.pathSeparator))
            .noneMatch(folder -> Files.exists(Path.of(folder, library)))) {
      throw new EngineException(
          "expected %s in the folder of PYTORCH_LIBRARY_PATH, found none in %s"
              .formatted(library, path));
    }
  }

  /** Turns specialisation off for the calling thread. */
  static void prepareThread() {
    JniUtils.setGraphExecutorOptimize(false);
  }
}
