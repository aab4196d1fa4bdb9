package io.sirocco.worker.verify;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds a model against a golden file: all logits of each prompt in one prefill, then the greedy
 * continuation token by token through the cache.
 *
 * <p>The reference's tokens are fed back, not the model's own, so every step is compared even after
 * a disagreement.
 *
 * <p>Confined to the model's thread.
 */
public final class ModelVerifier {
  private final CausalModel model;
  private final @Nullable Tokenizer tokenizer;

  private final Extent place;
  private final List<Disagreement> disagreements = new ArrayList<>();
  private long logitsCompared;
  private double largestDifference;
  private double squares;
  private int greedyCompared;

  /**
   * @param model whose cache holds a sequence of at least {@link GoldenFile#contextTokens} tokens
   * @param tokenizer checked against the golden texts; null to leave these out
   */
  public ModelVerifier(CausalModel model, @Nullable Tokenizer tokenizer) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.place = new Extent(0, Integer.highestOneBit(model.shape().cacheTokens()));
  }

  /**
   * Computes every case and reports the differences. Called once.
   *
   * @throws ModelLoadException when the golden file is of another vocabulary
   */
  public VerificationReport verify(GoldenFile golden)
      throws ModelLoadException, ModelStepException {
    requireVocabulary(golden);
    TextCheck texts = new TextCheck(tokenizer);
    for (GoldenCase goldenCase : golden.cases()) {
      LogitsBatch logits = prefill(goldenCase);
      compareLogits(goldenCase, logits);
      compareGreedy(goldenCase, logits);
      texts.check(goldenCase);
    }
    return new VerificationReport(
        logitsCompared,
        largestDifference,
        logitsCompared == 0 ? 0 : Math.sqrt(squares / logitsCompared),
        greedyCompared,
        disagreements,
        texts.compared(),
        texts.faults());
  }

  private void requireVocabulary(GoldenFile golden) throws ModelLoadException {
    int size = model.shape().vocabularySize();
    for (GoldenCase goldenCase : golden.cases()) {
      if (goldenCase.greatestTokenId() >= size) {
        throw new ModelLoadException(
            "golden case '%s': expected token ids below the model's vocabulary of %d, found %d"
                .formatted(goldenCase.name(), size, goldenCase.greatestTokenId()));
      }
    }
  }

  private LogitsBatch prefill(GoldenCase golden) throws ModelStepException {
    int[] prompt = ids(golden.prompt());
    return forward(0, prompt, prompt.length);
  }

  private LogitsBatch forward(int start, int[] tokens, int rows) throws ModelStepException {
    return model.forward(
        new ForwardInput(List.of(new ForwardInput.Span(place, start, tokens, rows))));
  }

  private void compareLogits(GoldenCase golden, LogitsBatch logits) {
    for (TokenLogit expected : golden.logits()) {
      float found = logits.values()[logits.offset(expected.position()) + expected.tokenId()];
      addDifference(found - expected.logit());
    }
    Double expectedNorm = golden.lastNorm();
    if (expectedNorm != null) {
      // Norms of rows that nowhere differ by more than d differ by at most d * sqrt(row).
      double found = norm(logits, logits.rows() - 1);
      addDifference((found - expectedNorm) / Math.sqrt(logits.vocabularySize()));
    }
  }

  /** {@code Math.max} keeps NaN. */
  private void addDifference(double difference) {
    logitsCompared++;
    largestDifference = Math.max(largestDifference, Math.abs(difference));
    squares += difference * difference;
  }

  private static double norm(LogitsBatch logits, int row) {
    double sum = 0;
    for (int token = 0; token < logits.vocabularySize(); token++) {
      double logit = logits.values()[logits.offset(row) + token];
      sum += logit * logit;
    }
    return Math.sqrt(sum);
  }

  private void compareGreedy(GoldenCase golden, LogitsBatch promptLogits)
      throws ModelStepException {
    LogitsBatch logits = promptLogits;
    int position = golden.prompt().size();
    for (int step = 0; step < golden.greedy().size(); step++) {
      int expected = golden.greedy().get(step);
      compareStep(golden, step, logits, expected);
      if (step + 1 < golden.greedy().size()) {
        logits = forward(position++, new int[] {expected}, 1);
      }
    }
  }

  private void compareStep(GoldenCase golden, int step, LogitsBatch logits, int expected) {
    int row = logits.offset(logits.rows() - 1);
    int best = 0;
    for (int token = 1; token < logits.vocabularySize(); token++) {
      if (logits.values()[row + token] > logits.values()[row + best]) {
        best = token;
      }
    }
    greedyCompared++;
    if (best != expected) {
      double gap = logits.values()[row + best] - logits.values()[row + expected];
      disagreements.add(new Disagreement(golden.name(), step, expected, best, gap));
    }
  }

  private static int[] ids(List<Integer> ids) {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
