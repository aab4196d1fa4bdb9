package io.sirocco.worker.reply;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Says what an answer costs.
 *
 * <p>Implementations are called on the reply thread and return at once.
 */
@FunctionalInterface
public interface CostEstimate {
  /** Where no price is known. */
  CostEstimate UNKNOWN = (promptTokens, cachedTokens, completionTokens) -> null;

  /**
   * Returns what so many tokens cost now, or null when that is not known.
   *
   * @param promptTokens tokens of the conversation, cached ones included
   * @param cachedTokens how many of them came from a cache
   * @param completionTokens tokens generated
   */
  @Nullable
  BigDecimal of(int promptTokens, int cachedTokens, int completionTokens);
}
