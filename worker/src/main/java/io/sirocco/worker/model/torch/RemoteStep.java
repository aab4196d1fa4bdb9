package io.sirocco.worker.model.torch;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.IValue;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelShape;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.RowForm;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A step on a device with memory of its own: what it needs crosses in one piece, and so does what
 * comes of it, of each row no more than serves. What a shortlist leaves out stays on the device until
 * the next step.
 *
 * <p>Confined to the engine thread.
 */
final class RemoteStep implements StepCall {
  /** So many that no scale loses anything as an integer: those of temperatures are 0.5 or more. */
  private static final double SCALE_UNITS = 0x1p32;

  private final NativeScope model;
  private final DecoderState decoder;
  private final ModelShape shape;
  private final int kvHeads;
  private final FlashRule flash;
  private final IValue left;

  /**
   * @param flash which spans are computed by flash attention
   */
  RemoteStep(
      NativeScope model, DecoderState decoder, ModelShape shape, int kvHeads, FlashRule flash) {
    this.model = model;
    this.decoder = decoder;
    this.shape = shape;
    this.kvHeads = kvHeads;
    this.flash = flash;
    left = decoder.program().run(model, "tensor_list");
  }

  @Override
  public LogitsBatch run(NativeScope scope, ForwardInput input) {
    input.spans().forEach(this::requireTokens);
    ForwardInput ordered = byForm(input);
    StepLayout layout = StepLayout.of(ordered, shape, kvHeads, 1, flash);
    RemoteRows rows = new RemoteRows(input, shape.vocabularySize());
    long[][] inputs = {
      layout.tokens(),
      layout.positions(),
      layout.written(),
      layout.headRows(),
      layout.logitsRows(),
      layout.calls().lengths(),
      scales(ordered)
    };
    IValue results = decoder.step(
        scope,
        "remote_step",
        scope.tensor(Stream.of(inputs).flatMapToLong(Arrays::stream).toArray()),
        scope.integers(Stream.of(inputs).mapToLong(part -> part.length).toArray()),
        scope.integer(input.logitsRows(RowForm.WHOLE)),
        scope.integer(rows.listLength()),
        left,
        scope.integers(layout.spans()),
        scope.integers(layout.groups()),
        scope.integers(layout.calls().calls()));
    float[] values = input.logitsRows() == 0 ? new float[0] : scope.floats(results);
    return rows.batch(values, this::fetch);
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

  private static ForwardInput byForm(ForwardInput input) {
    return new ForwardInput(
        input.spans().stream().sorted(Comparator.comparing(Span::form)).toList());
  }

  /** The scale of each row of which a shortlist is wanted, as an integer. */
  private static long[] scales(ForwardInput input) {
    return input.spans().stream()
        .filter(span -> span.form() == RowForm.SHORTLIST)
        .flatMapToLong(span ->
            LongStream.generate(() -> (long) (span.scale() * SCALE_UNITS)).limit(span.logitsRows()))
        .toArray();
  }

  /** The logits of rows that were left on the device, by their places among these. */
  private float[] fetch(int... places) throws ModelStepException {
    TorchRuntime.prepareThread();
    try (NativeScope scope = model.child()) {
      IValue numbers = scope.tensor(IntStream.of(places).asLongStream().toArray());
      return scope.floats(decoder.program().run(scope, "fetch", left, numbers));
    } catch (EngineException e) {
      throw new ModelStepException(
          "%d rows could not be fetched: %s".formatted(places.length, TorchFailure.reason(e)), e);
    }
  }
}
