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
import io.sirocco.worker.verify.VerificationReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
  private static final double F32_TOLERANCE = 1e-4;
  private static final double BF16_TOLERANCE = 7e-2;
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

  @Option(
      names = "--precision",
      paramLabel = "P",
      defaultValue = "f32",
      description = "f32 or bf16 (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.F32;

  @Option(
      names = "--tolerance",
      paramLabel = "D",
      description =
          "The largest difference of a logit that passes (default: 1e-4, with bf16 7e-2).")
  private @Nullable Double tolerance;

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
    VerificationReport report = verify(folder, reference, progress);
    boolean passed = report.passes(toleranceInUse());
    print(report, passed, spec.commandLine().getOut());
    return passed ? 0 : 1;
  }

  private VerificationReport verify(ModelFolder folder, GoldenFile reference, LoadProgress progress)
      throws ModelLoadException, ModelStepException {
    Tokenizer tokenizer =
        folder.hasTokenizer() ? HuggingFaceTokenizer.load(folder.tokenizerFile()) : null;
    TorchModelSettings settings = new TorchModelSettings(
        precision,
        Extent.capacityFor(reference.contextTokens()),
        reference.contextTokens(),
        Runtime.getRuntime().availableProcessors());
    try (CausalModel loaded = TorchModel.load(folder, settings, progress)) {
      return new ModelVerifier(loaded, tokenizer).verify(reference);
    } finally {
      if (tokenizer != null) {
        tokenizer.close();
      }
    }
  }

  private double toleranceInUse() {
    if (tolerance != null) {
      return tolerance;
    }
    return precision == Precision.F32 ? F32_TOLERANCE : BF16_TOLERANCE;
  }

  private void print(VerificationReport report, boolean passed, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "logits: %d compared, largest difference %.2e (tolerance %.0e)%n",
        report.logitsCompared(),
        report.largestLogitDifference(),
        toleranceInUse());
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
