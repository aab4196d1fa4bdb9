package io.sirocco.worker.engine;

import io.sirocco.worker.model.ForwardInput;
import io.sirocco.worker.model.RowForm;
import io.sirocco.worker.model.Shortlist;
import io.sirocco.worker.sampling.Sampler;
import java.util.List;

/**
 * What the next step computes.
 *
 * <p>Immutable.
 *
 * @param slices the sequences that take part, each with its share
 */
record StepPlan(List<Slice> slices) {

  StepPlan {
    slices = List.copyOf(slices);
  }

  boolean isEmpty() {
    return slices.isEmpty();
  }

  /** How many tokens are computed. */
  int tokens() {
    return slices.stream().mapToInt(Slice::tokens).sum();
  }

  /** Whose sequences take part. */
  List<String> requestIds() {
    return slices.stream().map(slice -> slice.sequence().request().id()).toList();
  }

  /** The plan as the model sees it. */
  ForwardInput forwardInput() {
    return new ForwardInput(slices.stream().map(Slice::span).toList());
  }

  /**
   * One sequence's share of a step.
   *
   * @param sequence takes part
   * @param tokens how many of its tokens are computed
   */
  record Slice(Sequence sequence, int tokens) {
    /** Whether the step computes all that the cache lacks, so that a token can be sampled. */
    boolean samples() {
      return tokens == sequence.uncomputed();
    }

    /** Whether tokens are computed that were there before, rather than the one generated last. */
    boolean prefills() {
      return sequence.isPrefilling() || sequence.isPromptAlone();
    }

    private ForwardInput.Span span() {
      return new ForwardInput.Span(
          sequence.extent(),
          sequence.computed(),
          sequence.next(tokens),
          samples() ? 1 : 0,
          form(sequence.sampler()),
          sequence.sampler().scale());
    }

    private static RowForm form(Sampler sampler) {
      if (sampler.takesLikeliest()) {
        return RowForm.LIKELIEST;
      }
      return sampler.takesShortlist(Shortlist.LENGTH) ? RowForm.SHORTLIST : RowForm.WHOLE;
    }
  }
}
