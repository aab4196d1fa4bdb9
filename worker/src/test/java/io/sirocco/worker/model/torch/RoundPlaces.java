package io.sirocco.worker.model.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sirocco.worker.kvcache.Extent;
import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.LogitsBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Sequences that go round in their places, in steps of single tokens and chunks, held against places
 * that hold all of them.
 */
final class RoundPlaces {
  static final int CONTEXT = 256;
  static final int CACHE_TOKENS = 2 * CONTEXT;
  private static final int CAPACITY = 64;
  private static final int SEQUENCES = 4;
  private static final int ROUNDS = 6;

  /** Behind the places that go round. */
  private static final Extent WHOLE = new Extent(SEQUENCES * CAPACITY, CONTEXT);

  private final Random random = new Random(11);
  private final List<int[]> sequences = new ArrayList<>();
  private final List<float[]> expected = new ArrayList<>();
  private final int[] done = new int[SEQUENCES];
  private final TorchModel model;
  private final float tolerance;
  private int wentRound;

  private RoundPlaces(TorchModel model, float tolerance) {
    this.model = model;
    this.tolerance = tolerance;
  }

  /** Computes some, on a model with the context and cache above. */
  static void assertLikeLargerPlaces(TorchModel model, float tolerance) throws Exception {
    RoundPlaces places = new RoundPlaces(model, tolerance);
    for (int round = 0; round < ROUNDS; round++) {
      places.begin();
      while (!places.unfinished().isEmpty()) {
        places.step();
      }
    }
    assertThat(places.wentRound).isPositive();
  }

  private void begin() throws Exception {
    sequences.clear();
    expected.clear();
    Arrays.fill(done, 0);
    for (int i = 0; i < SEQUENCES; i++) {
      int[] tokens =
          random.ints(CAPACITY + 1 + random.nextInt(CONTEXT - CAPACITY), 0, 320).toArray();
      sequences.add(tokens);
      Span whole = new Span(WHOLE, 0, tokens, tokens.length);
      expected.add(model.forward(new ForwardInput(List.of(whole))).values());
    }
  }

  private List<Integer> unfinished() {
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < SEQUENCES; i++) {
      if (done[i] < sequences.get(i).length) {
        left.add(i);
      }
    }
    return left;
  }

  /** Some of the sequences, with single tokens or with chunks, of which some exceed the place. */
  private void step() throws Exception {
    List<Integer> members = unfinished();
    members.removeIf(sequence -> random.nextInt(3) == 0);
    if (members.isEmpty()) {
      return;
    }
    List<Span> spans = new ArrayList<>();
    for (int member : members) {
      int left = sequences.get(member).length - done[member];
      int count = random.nextInt(4) > 0 ? 1 : 1 + random.nextInt(Math.min(left, CAPACITY + 16));
      int[] tokens = Arrays.copyOfRange(sequences.get(member), done[member], done[member] + count);
      spans.add(new Span(new Extent(member * CAPACITY, CAPACITY), done[member], tokens, count));
    }
    LogitsBatch found = model.forward(new ForwardInput(spans));
    int row = 0;
    for (int i = 0; i < spans.size(); i++) {
      int count = spans.get(i).tokenIds().length;
      compare(found, row, count, members.get(i));
      row += count;
    }
  }

  private void compare(LogitsBatch found, int row, int count, int member) {
    int vocabulary = found.vocabularySize();
    int from = done[member];
    done[member] += count;
    wentRound += from >= CAPACITY ? 1 : 0;
    assertThat(Arrays.copyOfRange(found.values(), found.offset(row), found.offset(row + count)))
        .as("positions %d to %d", from, done[member] - 1)
        .containsExactly(
            Arrays.copyOfRange(expected.get(member), from * vocabulary, done[member] * vocabulary),
            within(tolerance));
  }
}
