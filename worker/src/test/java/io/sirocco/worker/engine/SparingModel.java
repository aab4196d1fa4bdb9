package io.sirocco.worker.engine;

import io.sirocco.worker.model.CausalModel;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.Likeliest;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.PartialRow;
import io.sirocco.worker.model.RowForm;
import io.sirocco.worker.model.Shortlist;
import io.sirocco.worker.model.WrappedModel;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A model that gives of a row no more than serves. */
final class SparingModel extends WrappedModel {
  private final int listLength;
  private final Map<RowForm, Integer> given = new EnumMap<>(RowForm.class);
  private int fetched;
  private boolean losesRows;

  /**
   * @param listLength of shortlists
   */
  SparingModel(CausalModel model, int listLength) {
    super(model);
    this.listLength = listLength;
  }

  /** Has no row any more when it is asked for. */
  void loseRows() {
    losesRows = true;
  }

  /** How many rows were given in a form. */
  int given(RowForm form) {
    return given.getOrDefault(form, 0);
  }

  /** How many rows were asked for after their step. */
  int fetched() {
    return fetched;
  }

  @Override
  public LogitsBatch forward(ForwardInput input) throws ModelStepException {
    LogitsBatch logits = super.forward(input);
    int length = logits.vocabularySize();
    float[] whole = new float[input.logitsRows(RowForm.WHOLE) * length];
    int count = 0;
    TreeMap<Integer, PartialRow> partial = new TreeMap<>();
    int row = 0;
    for (ForwardInput.Span span : input.spans()) {
      for (int end = row + span.logitsRows(); row < end; row++) {
        float[] values = row(logits, row);
        given.merge(span.form(), 1, Integer::sum);
        switch (span.form()) {
          case WHOLE -> System.arraycopy(values, 0, whole, length * count++, length);
          case SHORTLIST -> partial.put(row, shortlist(values, span.scale()));
          case LIKELIEST -> partial.put(row, likeliest(values));
        }
      }
    }
    return new LogitsBatch(whole, length, partial, rows -> fetch(logits, partial, rows));
  }

  private float[] fetch(LogitsBatch logits, Map<Integer, PartialRow> partial, int... rows)
      throws ModelStepException {
    if (losesRows) {
      throw new ModelStepException("gone", new IllegalStateException());
    }
    float[] whole = new float[rows.length * logits.vocabularySize()];
    for (int i = 0; i < rows.length; i++) {
      if (!(partial.get(rows[i]) instanceof Shortlist)) {
        throw new IllegalStateException("expected the row of a shortlist, found " + rows[i]);
      }
      float[] row = row(logits, rows[i]);
      System.arraycopy(row, 0, whole, i * row.length, row.length);
    }
    fetched += rows.length;
    return whole;
  }

  private static float[] row(LogitsBatch logits, int row) {
    return Arrays.copyOfRange(logits.values(), logits.offset(row), logits.offset(row + 1));
  }

  private Shortlist shortlist(float[] values, float scale) {
    int[] sorted = IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparing((Integer id) -> !Float.isNaN(values[id]))
            .thenComparing(id -> -values[id]))
        .mapToInt(Integer::intValue)
        .toArray();
    float[] logits = new float[listLength];
    for (int i = 0; i < listLength; i++) {
      logits[i] = values[sorted[i]];
    }
    float rest = 0;
    for (int i = listLength; i < sorted.length; i++) {
      rest += (float) Math.exp((values[sorted[i]] - logits[0]) * scale);
    }
    return new Shortlist(Arrays.copyOf(sorted, listLength), logits, rest);
  }

  private static Likeliest likeliest(float[] values) {
    int best = 0;
    for (int id = 0; id < values.length; id++) {
      if (Float.isNaN(values[id])) {
        return new Likeliest(id, Float.NaN);
      }
      best = values[id] > values[best] ? id : best;
    }
    return new Likeliest(best, values[best]);
  }
}
