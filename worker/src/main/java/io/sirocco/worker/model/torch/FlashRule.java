package io.sirocco.worker.model.torch;

import io.sirocco.worker.model.ForwardInput.Span;
import io.sirocco.worker.model.ModelShape;

/**
 * Which spans flash attention can compute: it takes a place's keys for those of consecutive
 * positions.
 *
 * <p>Stateless.
 */
@FunctionalInterface
interface FlashRule {
  /** No span: there is no flash attention. */
  FlashRule NONE = span -> false;

  /** Whether it computes {@code span}. */
  boolean takes(Span span);

  /**
   * Where a sequence has not gone round in its place, keys are in their order. Where it has, a single
   * token still sees all keys of a place as large as the window, and asks for no order.
   */
  static FlashRule of(ModelShape shape) {
    return span -> {
      int capacity = span.extent().capacity();
      int end = span.start() + span.tokenIds().length;
      return end <= capacity || (span.tokenIds().length == 1 && capacity == shape.windowTokens());
    };
  }
}
