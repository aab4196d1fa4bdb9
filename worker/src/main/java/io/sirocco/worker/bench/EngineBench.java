package io.sirocco.worker.bench;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.Likeliest;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.RowForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * Measures how fast a model decodes and takes prompts in, without scheduler, sampler and broker.
 *
 * <p>Each measurement is repeated; a repetition before the first one is not counted. Prompts are
 * random tokens.
 *
 * <p>Confined to the model's thread, which nothing else should keep busy.
 */
public final class EngineBench {
  private static final double NANOS = 1e9;

  private final CausalModel model;
  private final int repetitions;
  private final LongSupplier nanos;
  private final Random random = new Random(1);

  /**
   * @param model whose cache and context have room for all that is measured
   * @param repetitions how often each thing is measured, at least once
   * @param nanos the clock
   */
  public EngineBench(CausalModel model, int repetitions, LongSupplier nanos) {
    if (repetitions < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 repetition, found %d".formatted(repetitions));
    }
    this.model = model;
    this.repetitions = repetitions;
    this.nanos = nanos;
  }

  /**
   * Measures greedy decoding, the choice of each token included.
   *
   * @return tokens/s of all sequences together
   * @throws InterruptedException when the thread is interrupted, between two steps
   */
  public Spread decode(DecodeLoad load) throws ModelStepException, InterruptedException {
    int[] last = new int[load.sequences()];
    for (int sequence = 0; sequence < last.length; sequence++) {
      last[sequence] = fill(load.place(sequence), load.promptTokens());
    }
    // What was generated is written over by the next repetition.
    return measure((double) load.sequences() * load.steps(), () -> {
      int[] tokens = last.clone();
      for (int step = 0; step < load.steps(); step++) {
        step(load, load.promptTokens() + step, tokens);
      }
    });
  }

  /**
   * Measures the prefill of one prompt, in one step.
   *
   * @return tokens/s
   * @throws InterruptedException when the thread is interrupted, between two steps
   */
  public Spread prefill(int promptTokens) throws ModelStepException, InterruptedException {
    Extent place = new Extent(0, Extent.capacityFor(promptTokens));
    return measure(promptTokens, () -> fill(place, promptTokens));
  }

  /** Takes a random prompt in, and returns a token to go on with. */
  private int fill(Extent place, int promptTokens) throws ModelStepException, InterruptedException {
    int vocabulary = model.shape().vocabularySize();
    if (promptTokens == 0) {
      return random.nextInt(vocabulary);
    }
    int[] prompt = random.ints(promptTokens, 0, vocabulary).toArray();
    return argmax(forward(List.of(new Span(place, 0, prompt, 1, RowForm.LIKELIEST))), 0);
  }

  /** Computes one step, and replaces each sequence's token by the next one. */
  private void step(DecodeLoad load, int position, int[] tokens)
      throws ModelStepException, InterruptedException {
    List<Span> spans = new ArrayList<>(tokens.length);
    for (int sequence = 0; sequence < tokens.length; sequence++) {
      spans.add(new Span(
          load.place(sequence), position, new int[] {tokens[sequence]}, 1, RowForm.LIKELIEST));
    }
    LogitsBatch logits = forward(spans);
    for (int sequence = 0; sequence < tokens.length; sequence++) {
      tokens[sequence] = argmax(logits, sequence);
    }
  }

  private LogitsBatch forward(List<Span> spans) throws ModelStepException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("the measurement was given up");
    }
    return model.forward(new ForwardInput(spans));
  }

  private static int argmax(LogitsBatch logits, int row) {
    if (logits.partial(row) instanceof Likeliest likeliest) {
      return likeliest.tokenId();
    }
    float[] values = logits.values();
    int begin = logits.offset(row);
    int best = begin;
    for (int i = begin + 1; i < begin + logits.vocabularySize(); i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best - begin;
  }

  private Spread measure(double tokens, Measured measured)
      throws ModelStepException, InterruptedException {
    measured.run();
    double[] rates = new double[repetitions];
    for (int i = 0; i < repetitions; i++) {
      long begin = nanos.getAsLong();
      measured.run();
      rates[i] = tokens * NANOS / (nanos.getAsLong() - begin);
    }
    return Spread.of(rates);
  }

  /** What is timed. */
  @FunctionalInterface
  private interface Measured {
    void run() throws ModelStepException, InterruptedException;
  }
}
