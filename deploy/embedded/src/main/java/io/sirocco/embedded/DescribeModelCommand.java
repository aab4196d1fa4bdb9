package io.sirocco.embedded;

import io.sirocco.worker.bench.DecodeLoad;
import io.sirocco.worker.bench.DecodeTraffic;
import io.sirocco.worker.bench.MemoryBandwidth;
import io.sirocco.worker.bench.ModelSize;
import io.sirocco.worker.bench.Spread;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.Experts;
import io.sirocco.worker.model.folder.FolderReport;
import io.sirocco.worker.model.folder.ModelConfig;
import io.sirocco.worker.model.torch.Precision;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code sirocco model info}: what a checkpoint is, what it needs, and what it lacks.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    description = "Show what a checkpoint is, what it needs on this machine, and what it lacks.",
    footer = {
      "",
      "Weights: in memory once loaded; the embedding stays in its file and is not counted. Cache: of",
      "one context. Tokens/s: the most of one sequence, which reads every weight for each token; that",
      "is the measured memory bandwidth divided by these bytes. 'bench engine' measures what it is.",
      "",
      "Exit code 1 when something is missing without which the checkpoint cannot be served."
    })
final class DescribeModelCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "Checkpoint folder in HuggingFace form.")
  private @Nullable Path folder;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that measure the memory's bandwidth (default: one for each core).")
  private @Nullable Integer threads;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws ModelLoadException, InterruptedException {
    if (folder == null) {
      throw new IllegalStateException("expected picocli to fill the options in");
    }
    FolderReport report = FolderReport.of(folder);
    PrintWriter out = Specs.require(spec).commandLine().getOut();
    if (report.config() != null) {
      print(report.config(), report.embeddingBytes(), out);
    }
    out.println("missing: " + (report.missing().isEmpty() ? "nothing" : ""));
    report.missing().forEach(line -> out.println("  " + line));
    out.flush();
    return report.missing().isEmpty() ? 0 : 1;
  }

  private void print(ModelConfig config, long embeddingBytes, PrintWriter out)
      throws ModelLoadException, InterruptedException {
    ModelSize size = new ModelSize(config);
    Experts experts = config.experts();
    out.printf(
        "architecture: %s; %d layers, hidden %d, feed-forward %d%s, %d heads and %d key-value heads of %d, vocabulary %d%n",
        experts == null ? "Mistral" : "Mixtral",
        config.layers(),
        config.hiddenSize(),
        config.intermediateSize(),
        experts == null
            ? ""
            : " of %d experts, %d for a token".formatted(experts.count(), experts.perToken()),
        config.heads(),
        config.kvHeads(),
        config.headDim(),
        config.vocabularySize());
    out.printf(
        Locale.ROOT, "parameters: %.1f M%s%n", size.parameters() / 1e6, embedding(embeddingBytes));
    out.printf(
        "context: %d tokens%s%n",
        config.maxPositions(),
        config.slidingWindow() == null
            ? ""
            : ", of which each looks at the last " + config.slidingWindow());
    Spread bandwidth = MemoryBandwidth.measure(threads(), System::nanoTime);
    TextTable table = new TextTable("precision", "weights MB", "cache MB", "tokens/s at most");
    for (Precision precision : Precision.values()) {
      table.row(cells(size, precision, bandwidth));
    }
    table.print(out, "nothing");
    out.printf(
        Locale.ROOT,
        "memory bandwidth: %.1f GB/s, measured with %d threads%n",
        bandwidth.median() / 1e9,
        threads());
  }

  private static String embedding(long bytes) {
    return bytes == 0 ? "" : String.format(Locale.ROOT, ", embedding %.1f MB", bytes / 1e6);
  }

  private static String[] cells(ModelSize size, Precision precision, Spread bandwidth) {
    ModelConfig config = size.config();
    int seen = config.slidingWindow() == null
        ? config.maxPositions()
        : Math.min(config.slidingWindow(), config.maxPositions());
    double perToken = new DecodeTraffic(
            config, precision.bytesPerWeight(), precision.bytesPerCacheElement())
        .bytesPerToken(DecodeLoad.of(1));
    return new String[] {
      precision.name().toLowerCase(Locale.ROOT),
      tenths(size.linearWeights() * precision.bytesPerWeight() / 1e6),
      tenths((double) seen * size.cacheElementsPerToken() * precision.bytesPerCacheElement() / 1e6),
      tenths(bandwidth.median() / perToken)
    };
  }

  private static String tenths(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private int threads() throws ModelLoadException {
    int used = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    if (used < 1) {
      throw new ModelLoadException("expected --threads of 1 or more, found " + used);
    }
    return used;
  }
}
