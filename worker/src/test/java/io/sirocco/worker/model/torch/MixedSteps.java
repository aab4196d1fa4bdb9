package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.Likeliest;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.PartialRow;
import io.sirocco.worker.model.RowForm;
import io.sirocco.worker.model.Shortlist;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Random schedules of prefill chunks and single tokens, sequences in any order, of some rows a
 * shortlist or the likeliest token alone, held against each sequence alone.
 */
final class MixedSteps {
  static final int CONTEXT = 64;
  static final int PLACES = 6;
  private static final int ALONE = PLACES - 1;
  private static final int ROUNDS = 12;
  private static final int VOCABULARY = 320;
  private static final float SCALE = 1.25f;
  private static final RowForm[] FORMS = RowForm.values();

  private final Random random = new Random(7);
  private final List<int[]> sequences = new ArrayList<>();
  private final List<float[]> alone = new ArrayList<>();
  private final int[] positions = new int[ALONE];
  private final TorchModel model;
  private final float tolerance;
  private int partial;

  private MixedSteps(TorchModel model, float tolerance) {
    this.model = model;
    this.tolerance = tolerance;
  }

  /**
   * Computes some, on a model with the context above and a cache of so many places.
   *
   * @return how many rows were not whole
   */
  static int assertLikeEachAlone(TorchModel model, float tolerance) throws Exception {
    MixedSteps steps = new MixedSteps(model, tolerance);
    for (int round = 0; round < ROUNDS; round++) {
      steps.begin();
      while (!steps.unfinished().isEmpty()) {
        steps.step();
      }
    }
    return steps.partial;
  }

  private void begin() throws ModelStepException {
    sequences.clear();
    alone.clear();
    Arrays.fill(positions, 0);
    for (int sequence = 0; sequence < ALONE; sequence++) {
      int[] tokens = random.ints(1 + random.nextInt(CONTEXT), 0, VOCABULARY).toArray();
      Span whole = new Span(place(ALONE), 0, tokens, tokens.length);
      sequences.add(tokens);
      alone.add(model.forward(new ForwardInput(List.of(whole))).values());
    }
  }

  private List<Integer> unfinished() {
    return IntStream.range(0, ALONE)
        .filter(i -> positions[i] < sequences.get(i).length)
        .boxed()
        .toList();
  }

  private void step() throws ModelStepException {
    List<Integer> order = new ArrayList<>(unfinished());
    Collections.shuffle(order, random);
    List<Span> spans = new ArrayList<>();
    for (int sequence : order.subList(0, 1 + random.nextInt(order.size()))) {
      int left = sequences.get(sequence).length - positions[sequence];
      int count = random.nextBoolean() ? 1 : 1 + random.nextInt(Math.min(left, 20));
      int[] tokens = Arrays.copyOfRange(
          sequences.get(sequence), positions[sequence], positions[sequence] + count);
      int rows = random.nextInt(count + 1);
      spans.add(new Span(
          place(sequence),
          positions[sequence],
          tokens,
          rows,
          FORMS[random.nextInt(FORMS.length)],
          SCALE));
    }
    LogitsBatch logits = model.forward(new ForwardInput(spans));
    int row = 0;
    for (Span span : spans) {
      int sequence = span.extent().base() / CONTEXT;
      positions[sequence] += span.tokenIds().length;
      for (int back = span.logitsRows(); back > 0; back--) {
        assertRow(logits, row++, alone.get(sequence), positions[sequence] - back, span);
      }
    }
    assertThat(logits.rows()).isEqualTo(row);
  }

  private void assertRow(LogitsBatch found, int number, float[] expected, int position, Span span)
      throws ModelStepException {
    float[] wanted =
        Arrays.copyOfRange(expected, position * VOCABULARY, (position + 1) * VOCABULARY);
    PartialRow row = found.partial(number);
    if (row == null) {
      int begin = found.offset(number);
      assertThat(Arrays.copyOfRange(found.values(), begin, begin + VOCABULARY))
          .containsExactly(wanted, within(tolerance));
      return;
    }
    partial++;
    if (row instanceof Likeliest best) {
      assertThat(span.form()).isEqualTo(RowForm.LIKELIEST);
      assertThat(best.logit()).isCloseTo(wanted[best.tokenId()], within(tolerance));
      for (float logit : wanted) {
        assertThat(logit).isLessThanOrEqualTo(best.logit() + tolerance);
      }
    } else {
      assertThat(span.form()).isEqualTo(RowForm.SHORTLIST);
      assertThat(found.left().whole(number)).containsExactly(wanted, within(tolerance));
      assertShortlist((Shortlist) row, wanted);
    }
  }

  private void assertShortlist(Shortlist list, float[] wanted) {
    double rest = 0;
    float[] others = wanted.clone();
    float[] listed = new float[Shortlist.LENGTH];
    for (int i = 0; i < listed.length; i++) {
      listed[i] = others[list.tokenIds()[i]];
      others[list.tokenIds()[i]] = Float.NEGATIVE_INFINITY; // Which a token that comes twice finds.
    }
    float greatest = Float.NEGATIVE_INFINITY;
    for (float logit : others) {
      greatest = Math.max(greatest, logit);
      rest += Math.exp((logit - listed[0]) * SCALE);
    }
    assertThat(list.logits()).containsExactly(listed, within(tolerance));
    assertThat(greatest).isLessThanOrEqualTo(listed[listed.length - 1] + tolerance);
    assertThat((double) list.rest()).isCloseTo(rest, withinPercentage(1 + 1000.0 * tolerance));
  }

  private static Extent place(int number) {
    return new Extent(number * CONTEXT, CONTEXT);
  }
}
