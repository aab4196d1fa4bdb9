package io.sirocco.worker.verify;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One prompt, and what the reference computed from it.
 *
 * <p>Immutable.
 *
 * @param name for messages
 * @param prompt the prompt's token ids
 * @param logits reference logits, of any positions and tokens
 * @param lastNorm the Euclidean norm of all logits of the last position, or null
 * @param greedy the tokens that greedy decoding goes on with; cut after the end of sequence where
 *     the reference says so, as the gaps become tiny after it
 * @param text the text of the prompt, control tokens included, or null
 * @param answerText the text of {@code greedy}, or null
 */
public record GoldenCase(
    String name,
    List<Integer> prompt,
    List<TokenLogit> logits,
    @Nullable Double lastNorm,
    List<Integer> greedy,
    @Nullable String text,
    @Nullable String answerText) {

  public GoldenCase {
    prompt = List.copyOf(prompt);
    logits = List.copyOf(logits);
    greedy = List.copyOf(greedy);
  }

  /** The greatest token id of prompt, logits and continuation. */
  public int greatestTokenId() {
    IntStream ids = Stream.of(prompt, greedy).flatMap(List::stream).mapToInt(Integer::intValue);
    return IntStream.concat(ids, logits.stream().mapToInt(TokenLogit::tokenId))
        .max()
        .orElse(0);
  }

  /** The number of tokens of prompt and continuation. */
  public int tokens() {
    return prompt.size() + greedy.size();
  }
}
