package io.sirocco.worker.model.torch;

import ai.djl.pytorch.jni.IValue;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.Likeliest;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A step on a device with memory of its own: what it needs crosses in one piece, and so does what
 * comes of it. Of a row whose likeliest token serves, no more than that comes back.
 *
 * <p>Confined to the engine thread.
 */
final class RemoteStep implements StepCall {
  private final DecoderState decoder;
  private final ModelShape shape;
  private final int kvHeads;
  private final FlashRule flash;

  /**
   * @param flash which spans are computed by flash attention
   */
  RemoteStep(DecoderState decoder, ModelShape shape, int kvHeads, FlashRule flash) {
    this.decoder = decoder;
    this.shape = shape;
    this.kvHeads = kvHeads;
    this.flash = flash;
  }

  @Override
  public LogitsBatch run(NativeScope scope, ForwardInput input) {
    input.spans().forEach(this::requireTokens);
    StepLayout layout = StepLayout.of(wholeFirst(input), shape, kvHeads, 1, flash);
    int whole = rows(input, false);
    long[][] inputs = {
      layout.tokens(),
      layout.positions(),
      layout.written(),
      layout.headRows(),
      layout.logitsRows(),
      layout.calls().lengths()
    };
    IValue results = decoder.step(
        scope,
        "remote_step",
        scope.tensor(Stream.of(inputs).flatMapToLong(Arrays::stream).toArray()),
        scope.integers(Stream.of(inputs).mapToLong(part -> part.length).toArray()),
        scope.integer(whole),
        scope.integers(layout.spans()),
        scope.integers(layout.groups()),
        scope.integers(layout.calls().calls()));
    float[] values = input.logitsRows() == 0 ? new float[0] : scope.floats(results);
    return batch(input, whole, values);
  }

  /** A wrong id would end not only the step but all that the process does on a card. */
  private void requireTokens(Span span) {
    for (int id : span.tokenIds()) {
      if (id < 0 || id >= shape.vocabularySize()) {
        throw new IllegalArgumentException(
            "expected token ids from 0 to %d, found %d".formatted(shape.vocabularySize() - 1, id));
      }
    }
  }

  private static ForwardInput wholeFirst(ForwardInput input) {
    List<Span> spans = input.spans();
    return new ForwardInput(Stream.concat(
            spans.stream().filter(span -> !span.likeliest()),
            spans.stream().filter(Span::likeliest))
        .toList());
  }

  private static int rows(ForwardInput input, boolean likeliest) {
    return input.spans().stream()
        .filter(span -> span.likeliest() == likeliest)
        .mapToInt(Span::logitsRows)
        .sum();
  }

  /** The program gives whole rows, then greatest logits, then the tokens that have them. */
  private LogitsBatch batch(ForwardInput input, int whole, float[] results) {
    int others = rows(input, true);
    if (others == 0) {
      return new LogitsBatch(results, shape.vocabularySize());
    }
    int end = whole * shape.vocabularySize();
    SortedMap<Integer, Likeliest> likeliest = new TreeMap<>();
    int row = 0;
    for (Span span : input.spans()) {
      for (int last = row + span.logitsRows(); row < last; row++) {
        if (span.likeliest()) {
          int at = end + likeliest.size();
          likeliest.put(row, new Likeliest((int) results[at + others], results[at]));
        }
      }
    }
    return new LogitsBatch(Arrays.copyOf(results, end), shape.vocabularySize(), likeliest);
  }
}
