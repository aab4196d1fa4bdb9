package io.sirocco.embedded.doctor;

import io.sirocco.worker.bench.ModelSize;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.FolderReport;
import io.sirocco.worker.model.folder.ModelConfig;
import io.sirocco.worker.model.torch.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToLongFunction;

/**
 * Whether a checkpoint is whole, and whether it and its cache fit into memory.
 *
 * <p>Immutable.
 *
 * @param folder of the checkpoint
 * @param machine that it is to be served on
 * @param cacheTokens how many tokens the cache has for a model of so many positions
 */
record ModelCheck(Path folder, Machine machine, IntToLongFunction cacheTokens) {
  /** What loading takes at its peak, times the weights: see docs/performance.md. */
  private static final double WHILE_LOADING = 1.09;

  /** Returns what is missing, and whether there is enough memory. */
  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    FolderReport report;
    try {
      report = FolderReport.of(folder);
    } catch (ModelLoadException e) {
      findings.add(Finding.fail(
          "model",
          String.valueOf(e.getMessage()),
          "a checkpoint folder in HuggingFace form",
          "mount or download the checkpoint, or name another folder with --model"));
      return findings;
    }
    for (String missing : report.missing()) {
      findings.add(Finding.fail(
          "model",
          missing,
          "a whole checkpoint",
          "copy the file from where the checkpoint is from"));
    }
    if (report.missing().isEmpty()) {
      findings.add(Finding.ok("model", folder + " is whole", "a whole checkpoint"));
    }
    ModelConfig config = report.config();
    if (config != null) {
      findings.add(memory(config));
    }
    return findings;
  }

  private Finding memory(ModelConfig config) {
    long needed = bytes(config, Precision.BF16);
    String smaller = Arrays.stream(Precision.values())
        .filter(precision -> bytes(config, precision) <= machine.freeBytes())
        .map(precision -> precision.name().toLowerCase(Locale.ROOT))
        .findFirst()
        .map(precision -> "worker.precision=" + precision + " fits; or ")
        .orElse("");
    Status status = needed > machine.memoryBytes()
        ? Status.FAIL
        : needed > machine.freeBytes() ? Status.WARN : Status.OK;
    return Finding.of(
        status,
        "memory",
        "%s free of %s".formatted(gigabytes(machine.freeBytes()), gigabytes(machine.memoryBytes())),
        "%s for weights while they load and the cache, in bf16 with the default settings"
            .formatted(gigabytes(needed)),
        smaller + "more memory, a smaller worker.cache-tokens, or another model");
  }

  private long bytes(ModelConfig config, Precision precision) {
    ModelSize size = new ModelSize(config);
    double weights = size.linearWeights() * precision.bytesPerWeight() * WHILE_LOADING;
    double cache = (double) cacheTokens.applyAsLong(config.maxPositions())
        * size.cacheElementsPerToken()
        * precision.bytesPerCacheElement();
    return Math.round(weights + cache);
  }

  static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
  }
}
