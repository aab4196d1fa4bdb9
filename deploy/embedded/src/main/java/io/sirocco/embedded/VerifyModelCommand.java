package io.sirocco.embedded;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.torch.LoadProgress;
import io.sirocco.worker.model.torch.Precision;
import io.sirocco.worker.model.torch.TorchModel;
import io.sirocco.worker.model.torch.TorchModelSettings;
import io.sirocco.worker.tokenizer.Tokenizer;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import io.sirocco.worker.verify.Disagreement;
import io.sirocco.worker.verify.GoldenFile;
import io.sirocco.worker.verify.ModelVerifier;
import io.sirocco.worker.verify.Perplexity;
import io.sirocco.worker.verify.ScoredText;
import io.sirocco.worker.verify.Tolerance;
import io.sirocco.worker.verify.VerificationReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code sirocco verify-model}: holds a checkpoint against a file of reference logits.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "verify-model",
    mixinStandardHelpOptions = true,
    description = "Compare a checkpoint's logits and greedy tokens with a golden file.",
    footer = {
      "",
      "Exit code 1 when a logit differs by more than the tolerance, or a greedy token differs that no"
          + " rounding explains, or the tokenizer disagrees with the file.",
      "",
      "Example:",
      "  sirocco verify-model --model deploy/models/demo --golden deploy/models/demo/golden.json"
    })
final class VerifyModelCommand implements Callable<Integer> {
  private static final int SHOWN_DISAGREEMENTS = 5;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Checkpoint folder in HuggingFace form.")
  private @Nullable Path model;

  @Option(
      names = "--golden",
      required = true,
      paramLabel = "FILE",
      description = "Reference logits and greedy tokens, as JSON.")
  private @Nullable Path golden;

  @Mixin
  private final DeviceOption device = new DeviceOption();

  @Option(
      names = "--precision",
      paramLabel = "P",
      defaultValue = "f32",
      description = "f32, bf16, w8a8 or int4 (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.F32;

  @Option(
      names = "--tolerance",
      paramLabel = "D",
      description = {
        "The largest difference of a logit that passes (default: 1e-4, with bf16 7e-2; with w8a8 and",
        "int4 3, and for the root of the mean square of all differences 0.15 and 0.5)."
      })
  private @Nullable Double tolerance;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      description = {
        "Also print the perplexity of this text, of which paragraphs are computed one by one and only",
        "what follows the last [/INST] counts."
      })
  private @Nullable Path text;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws ModelLoadException, ModelStepException, IOException {
    if (model == null || golden == null || spec == null) {
      throw new IllegalStateException("expected picocli to fill the options in");
    }
    GoldenFile reference = GoldenFile.read(golden);
    ModelFolder folder = ModelFolder.openWithoutTokenizer(model);
    LoadProgress progress = new LoadBar(spec.commandLine().getErr(), System::nanoTime);
    PrintWriter out = spec.commandLine().getOut();
    Tokenizer tokenizer =
        folder.hasTokenizer() ? HuggingFaceTokenizer.load(folder.tokenizerFile()) : null;
    try {
      List<ScoredText> texts = texts(folder, tokenizer);
      int longest = texts.stream().mapToInt(each -> each.tokens().length).max().orElse(0);
      int context = Math.max(reference.contextTokens(), longest);
      try (CausalModel loaded = TorchModel.load(folder, settings(context), progress)) {
        if (!texts.isEmpty()) {
          print(perplexity(loaded, texts), out);
        }
        VerificationReport report = new ModelVerifier(loaded, tokenizer).verify(reference);
        boolean passed = report.passes(toleranceInUse());
        print(report, passed, out);
        return passed ? 0 : 1;
      }
    } finally {
      if (tokenizer != null) {
        tokenizer.close();
      }
    }
  }

  private TorchModelSettings settings(int contextTokens) {
    return new TorchModelSettings(
            precision,
            Extent.capacityFor(contextTokens),
            contextTokens,
            Runtime.getRuntime().availableProcessors())
        .on(device.device());
  }

  private List<ScoredText> texts(ModelFolder folder, @Nullable Tokenizer tokenizer)
      throws ModelLoadException, IOException {
    if (text == null) {
      return List.of();
    }
    if (tokenizer == null) {
      throw new ModelLoadException(
          folder.path() + ": expected a tokenizer.json for --text, found none");
    }
    List<ScoredText> texts = ScoredText.of(Files.readString(text), tokenizer);
    if (texts.isEmpty()) {
      throw new ModelLoadException(text + ": expected paragraphs of two tokens, found none");
    }
    return texts;
  }

  private static Perplexity perplexity(CausalModel loaded, List<ScoredText> texts)
      throws ModelStepException {
    Perplexity perplexity = new Perplexity(loaded);
    for (ScoredText each : texts) {
      perplexity.add(each.tokens(), each.scoredFrom());
    }
    return perplexity;
  }

  private static void print(Perplexity perplexity, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "text: perplexity %.4f of %d tokens%n",
        perplexity.value(),
        perplexity.tokensScored());
  }

  /** A little more than is found, since processors round in other places; see docs/performance.md. */
  private Tolerance toleranceInUse() {
    if (tolerance != null) {
      return Tolerance.ofEach(tolerance);
    }
    return switch (precision) {
      case F32 -> Tolerance.ofEach(1e-4);
      case BF16 -> Tolerance.ofEach(7e-2);
      case W8A8 -> new Tolerance(3, 0.15);
      case INT4 -> new Tolerance(3, 0.5);
    };
  }

  private void print(VerificationReport report, boolean passed, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "logits: %d compared, largest difference %.2e (tolerance %.0e), typical %.2e (%.0e)%n",
        report.logitsCompared(),
        report.largestLogitDifference(),
        toleranceInUse().largest(),
        report.typicalLogitDifference(),
        toleranceInUse().typical());
    out.printf("greedy tokens: %d of %d agree%n", report.greedyAgreeing(), report.greedyCompared());
    report.disagreements().stream().limit(SHOWN_DISAGREEMENTS).forEach(step -> print(step, out));
    int hidden = report.disagreements().size() - SHOWN_DISAGREEMENTS;
    if (hidden > 0) {
      out.printf("  and %d more%n", hidden);
    }
    if (report.textsCompared() > 0) {
      out.printf(
          "texts: %d of %d agree%n",
          report.textsCompared() - report.textFaults().size(), report.textsCompared());
      report.textFaults().forEach(fault -> out.printf("  %s%n", fault));
    }
    out.println(passed ? "passed" : "FAILED");
    out.flush();
  }

  private static void print(Disagreement step, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "  %s, token %d: expected %d, found %d, which leads by %.2e%n",
        step.caseName(),
        step.step(),
        step.expected(),
        step.found(),
        step.gap());
  }
}
