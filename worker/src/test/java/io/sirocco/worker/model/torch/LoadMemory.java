package io.sirocco.worker.model.torch;

import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Loads a folder and prints by how many bytes the process grew: at its peak, and in the end. */
final class LoadMemory {
  private final Precision precision;
  private long mostBytes;

  private LoadMemory(Precision precision) {
    this.precision = precision;
  }

  /** Measures one folder, the first of {@code arguments}, in the precision that the second names. */
  public static void main(String[] arguments) throws Exception {
    new LoadMemory(Precision.valueOf(arguments[1])).measure(Path.of(arguments[0]));
  }

  private void measure(Path folder) throws Exception {
    load(CheckpointFolders.NO_WINDOW, (loaded, total) -> {}).close(); // What only the first costs.
    System.gc();
    long before = privateBytes();
    try (TorchModel model =
        load(folder, (loaded, total) -> mostBytes = Math.max(mostBytes, privateBytes() - before))) {
      System.out.printf(
          "grown=%d,%d,%d%n", mostBytes, privateBytes() - before, model.shape().vocabularySize());
    }
  }

  private TorchModel load(Path folder, LoadProgress progress) throws Exception {
    return TorchModel.load(
        ModelFolder.openWithoutTokenizer(folder),
        new TorchModelSettings(precision, 64, 64, 1),
        progress);
  }

  /** What the process would not share with another one: no file pages. */
  private static long privateBytes() {
    try {
      return Files.readAllLines(Path.of("/proc/self/smaps_rollup")).stream()
          .filter(line -> line.startsWith("Anonymous:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
