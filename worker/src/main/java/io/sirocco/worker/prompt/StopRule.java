package io.sirocco.worker.prompt;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What ends an answer, besides its length.
 *
 * <p>Immutable.
 *
 * @param texts {@code stop}: texts that end the answer, at most four, none empty
 * @param textIncluded {@code include_stop_str_in_output}: whether the text that ended the answer is a
 *     part of it
 * @param tokenIds {@code stop_token_ids}: tokens that end the answer besides the model's own
 * @param modelEndIgnored {@code ignore_eos}: whether the model's own end tokens end nothing
 */
public record StopRule(
    List<String> texts, boolean textIncluded, Set<Integer> tokenIds, boolean modelEndIgnored) {

  /** The model's own end tokens alone. */
  public static final StopRule OF_MODEL = new StopRule(List.of(), false, Set.of(), false);

  public StopRule {
    texts = List.copyOf(texts);
    tokenIds = Set.copyOf(tokenIds);
  }

  /**
   * Returns the tokens that end the answer.
   *
   * @param ofModel the model's own end tokens
   */
  public Set<Integer> endIds(Set<Integer> ofModel) {
    Set<Integer> ends = new HashSet<>(tokenIds);
    if (!modelEndIgnored) {
      ends.addAll(ofModel);
    }
    return Set.copyOf(ends);
  }
}
