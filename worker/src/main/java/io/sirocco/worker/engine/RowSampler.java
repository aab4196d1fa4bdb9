package io.sirocco.worker.engine;

import io.sirocco.worker.model.Likeliest;
import io.sirocco.worker.model.LogitsBatch;
import io.sirocco.worker.model.ModelStepException;
import io.sirocco.worker.model.PartialRow;
import io.sirocco.worker.model.Shortlist;
import io.sirocco.worker.sampling.BatchSampler;
import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.sampling.Sampler;
import io.sirocco.worker.sampling.SamplingOutcome;
import io.sirocco.worker.sampling.UnusableLogits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples the rows of a step, in whatever form each is, to the same tokens.
 *
 * <p>Confined to the engine thread; the sampler may have others help.
 */
final class RowSampler {
  private static final Logger log = LoggerFactory.getLogger(RowSampler.class);

  private final BatchSampler sampler;

  RowSampler(BatchSampler sampler) {
    this.sampler = sampler;
  }

  /** Returns an outcome for the sequence of each row, but for those whose rows could not be fetched. */
  Map<Sequence, SamplingOutcome> sample(LogitsBatch logits, List<NextTokens.Row> rows) {
    Map<Sequence, SamplingOutcome> outcomes = new HashMap<>();
    List<Sequence> whole = new ArrayList<>();
    List<Integer> offsets = new ArrayList<>();
    List<NextTokens.Row> undecided = new ArrayList<>();
    for (NextTokens.Row row : rows) {
      PartialRow partial = logits.partial(row.number());
      if (partial == null) {
        whole.add(row.sequence());
        offsets.add(logits.offset(row.number()));
      } else {
        outcome(row.sequence().sampler(), partial)
            .ifPresentOrElse(
                outcome -> outcomes.put(row.sequence(), outcome), () -> undecided.add(row));
      }
    }
    sample(logits.values(), whole, offsets, outcomes);
    fetch(logits, undecided, outcomes);
    return outcomes;
  }

  private Optional<SamplingOutcome> outcome(Sampler answer, PartialRow row) {
    if (row instanceof Shortlist list) {
      return sampler.sample(answer, list.tokenIds(), list.logits(), list.rest());
    }
    return Optional.of(outcome((Likeliest) row));
  }

  private static SamplingOutcome outcome(Likeliest likeliest) {
    return Float.isFinite(likeliest.logit())
        ? new SampledToken(likeliest.tokenId(), null)
        : new UnusableLogits(likeliest.logit());
  }

  /** Samples from the whole rows what shortlists do not decide. */
  private void fetch(
      LogitsBatch logits, List<NextTokens.Row> rows, Map<Sequence, SamplingOutcome> outcomes) {
    if (rows.isEmpty()) {
      return;
    }
    float[] whole;
    try {
      whole = logits.left().whole(rows.stream().mapToInt(NextTokens.Row::number).toArray());
    } catch (ModelStepException e) {
      log.error("rows were not fetched, their answers fail count={}", rows.size(), e);
      return;
    }
    List<Integer> offsets = new ArrayList<>();
    rows.forEach(row -> offsets.add(offsets.size() * logits.vocabularySize()));
    sample(whole, rows.stream().map(NextTokens.Row::sequence).toList(), offsets, outcomes);
  }

  private void sample(
      float[] logits,
      List<Sequence> sequences,
      List<Integer> offsets,
      Map<Sequence, SamplingOutcome> outcomes) {
    List<BatchSampler.Row> rows = new ArrayList<>();
    for (Sequence sequence : sequences) {
      rows.add(new BatchSampler.Row(sequence.sampler(), offsets.get(rows.size())));
    }
    List<SamplingOutcome> sampled = sampler.sample(logits, rows);
    for (int i = 0; i < sampled.size(); i++) {
      outcomes.put(sequences.get(i), sampled.get(i));
    }
  }
}
