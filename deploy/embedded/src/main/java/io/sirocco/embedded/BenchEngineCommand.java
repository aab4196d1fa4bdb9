package io.sirocco.embedded;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.worker.bench.DecodeLoad;
import io.sirocco.worker.bench.DecodeTraffic;
import io.sirocco.worker.bench.EngineBench;
import io.sirocco.worker.bench.MatrixWork;
import io.sirocco.worker.bench.MemoryBandwidth;
import io.sirocco.worker.bench.ProcessMemory;
import io.sirocco.worker.bench.Spread;
import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.torch.CardBandwidth;
import io.sirocco.worker.model.torch.LoadProgress;
import io.sirocco.worker.model.torch.MatrixRate;
import io.sirocco.worker.model.torch.TorchModel;
import io.sirocco.worker.model.torch.TorchModelSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code sirocco bench engine}: how fast a checkpoint decodes and takes prompts in.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "engine",
    mixinStandardHelpOptions = true,
    description = "Measure decode and prefill of a checkpoint, without broker and tokenizer.",
    footer = {
      "",
      "Decode: a batch of 1 generates 128 tokens from nothing; more sequences go on from 128 tokens",
      "each, for 256 tokens in all but at least 32 each. Tokens are greedy, their choice is timed, and",
      "tokens/s is that of all sequences together. Prefill: one prompt in one step. Each figure is",
      "min, median and max of the repetitions, after one that is not counted.",
      "",
      "Memory bandwidth: each thread sums an array of its own, all at once; together the arrays are",
      "half of the JVM's largest heap, at most 1 GiB. A card sums 1 GiB of its own. Bytes per token:",
      "every matrix once a step, shared by the batch, and each sequence's keys and values. Matrix rate:",
      "plain products of 1024 rows, on a card of 8192, in the model's element type; for quantised",
      "models that is bf16. Of it counts what the linear layers compute, two operations for a weight.",
      "Memory: of this machine, when all was measured; private is what no file backs.",
      "",
      "Example:",
      "  sirocco bench engine --model ~/models/Mistral-7B-Instruct-v0.2 --batch 1,8 --prompt 512,2048"
    })
final class BenchEngineCommand implements Callable<Integer> {
  private static final int MOST_SEQUENCES = 256;
  private static final int MOST_REPETITIONS = 1000;

  /** As a shell says it of Ctrl-C. */
  private static final int INTERRUPTED = 130;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Checkpoint folder in HuggingFace form.")
  private @Nullable Path model;

  @Mixin
  private final LoadOptions load = new LoadOptions();

  @Option(
      names = "--batch",
      split = ",",
      paramLabel = "N",
      defaultValue = "1,4,16",
      description = "How many sequences decode together (default: ${DEFAULT-VALUE}).")
  private List<Integer> batches = new ArrayList<>();

  @Option(
      names = "--prompt",
      split = ",",
      paramLabel = "N",
      defaultValue = "512",
      description = "Tokens of a prompt whose prefill is measured (default: ${DEFAULT-VALUE}).")
  private List<Integer> prompts = new ArrayList<>();

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often each thing is measured (default: ${DEFAULT-VALUE}).")
  private int repetitions;

  @Option(names = "--json", description = "Print the figures as one JSON object.")
  private boolean json;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws ModelLoadException, ModelStepException, IOException {
    if (model == null) {
      throw new IllegalStateException("expected picocli to fill the options in");
    }
    batches.forEach(batch -> require("--batch", batch, MOST_SEQUENCES));
    prompts.forEach(prompt -> require("--prompt", prompt, Integer.MAX_VALUE));
    require("--repetitions", repetitions, MOST_REPETITIONS);
    BenchReport report;
    InterruptOnExit exit = InterruptOnExit.ofThisThread();
    try {
      report = measure(ModelFolder.openWithoutTokenizer(model));
    } catch (InterruptedException | CancellationException e) {
      return INTERRUPTED;
    } finally {
      exit.close();
    }
    PrintWriter out = Specs.require(spec).commandLine().getOut();
    if (json) {
      out.println(new JsonCodec().write(report));
      out.flush();
    } else {
      report.print(out);
    }
    return 0;
  }

  private void require(String option, int found, int most) {
    if (found < 1 || found > most) {
      throw new ParameterException(
          Specs.require(spec).commandLine(),
          most == Integer.MAX_VALUE
              ? "expected %s of 1 or more, found %d".formatted(option, found)
              : "expected %s of 1 to %d, found %d".formatted(option, most, found));
    }
  }

  private BenchReport measure(ModelFolder folder)
      throws ModelLoadException, ModelStepException, IOException, InterruptedException {
    Map<Integer, Spread> decode = new LinkedHashMap<>();
    Map<Integer, Spread> prefill = new LinkedHashMap<>();
    ProcessMemory memory;
    try (CausalModel loaded = TorchModel.load(folder, settings(folder), loadProgress())) {
      EngineBench bench = new EngineBench(loaded, repetitions, System::nanoTime);
      for (int batch : batches) {
        say("measuring decode, batch %d ...", batch);
        decode.put(batch, bench.decode(DecodeLoad.of(batch)));
      }
      for (int prompt : prompts) {
        say("measuring prefill, %d tokens ...", prompt);
        prefill.put(prompt, bench.prefill(prompt));
      }
      memory = ProcessMemory.read();
    }
    say("measuring memory bandwidth ...");
    Spread bandwidth = load.device().isCard()
        ? Spread.of(CardBandwidth.measure(load.device(), System::nanoTime))
        : MemoryBandwidth.measure(load.threads(), System::nanoTime);
    say("measuring matrix products ...");
    Spread matrixRate = Spread.of(
        MatrixRate.measure(load.device(), load.precision(), load.threads(), System::nanoTime));
    return BenchReport.of(
        load.device().name(),
        load.precision().name().toLowerCase(Locale.ROOT),
        load.threads(),
        decode,
        prefill,
        new DecodeTraffic(
            folder.config(),
            load.precision().bytesPerWeight(),
            load.precision().bytesPerCacheElement()),
        bandwidth,
        new MatrixWork(folder.config()),
        matrixRate,
        memory);
  }

  /** With just the room that is needed. */
  private TorchModelSettings settings(ModelFolder folder) throws ModelLoadException {
    int cache = 1;
    int context = 1;
    for (int batch : batches) {
      DecodeLoad decoded = DecodeLoad.of(batch);
      cache = Math.max(cache, decoded.cacheTokens());
      context = Math.max(context, decoded.sequenceTokens());
    }
    for (int prompt : prompts) {
      if (prompt > folder.config().maxPositions()) {
        throw new ModelLoadException("%s: expected --prompt of at most %d tokens, found %d"
            .formatted(folder.path(), folder.config().maxPositions(), prompt));
      }
      cache = Math.max(cache, Extent.capacityFor(prompt));
      context = Math.max(context, prompt);
    }
    return load.settings(cache, context);
  }

  /** A bar, which gives up when the thread is interrupted. */
  private LoadProgress loadProgress() {
    LoadBar bar = new LoadBar(progress(), System::nanoTime);
    return (loaded, total) -> {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("the loading of the model was given up");
      }
      bar.loaded(loaded, total);
    };
  }

  private void say(String format, Object... arguments) {
    if (!json) {
      progress().printf(format + "%n", arguments).flush();
    }
  }

  private PrintWriter progress() {
    return Specs.require(spec).commandLine().getErr();
  }
}
