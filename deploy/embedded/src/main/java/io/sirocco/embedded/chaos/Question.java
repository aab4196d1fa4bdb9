package io.sirocco.embedded.chaos;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.chat.Logprobs;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that is sent many times; its answer is always the same.
 *
 * <p>Immutable.
 *
 * @param number which one of the run's questions it is, from 0
 * @param choices how many answers it wants at once
 * @param request the body
 */
record Question(int number, int choices, ChatRequest request) {

  /** The same question, asked so that the answer says how close its tokens were. */
  Question withGaps() {
    Map<String, @Nullable Object> extra = new LinkedHashMap<>(request.extra());
    extra.put("logprobs", true);
    extra.put("top_logprobs", 2);
    return new Question(number, choices, request.withExtra(extra));
  }

  /** What {@code log} says that the answer is, asked with gaps while nothing went wrong. */
  Undisturbed undisturbed(ReplyCheckpoint log) {
    List<List<Double>> gaps = new ArrayList<>();
    for (int choice = 0; choice < choices; choice++) {
      gaps.add(gaps(log, choice));
    }
    return new Undisturbed(Answer.of(log, choices, null), gaps);
  }

  private static List<Double> gaps(ReplyCheckpoint log, int index) {
    List<Double> gaps = new ArrayList<>();
    for (ChatChunk chunk : log.chunks()) {
      for (ChatChunk.Choice choice : chunk.choices()) {
        if (choice.index() == index && choice.logprobs() != null) {
          choice.logprobs().content().forEach(token -> gaps.add(gap(token.topLogprobs())));
        }
      }
    }
    return gaps;
  }

  /** A difference of logarithms of probabilities is one of logits. */
  private static double gap(List<Logprobs.Alternative> likeliest) {
    return likeliest.size() < 2
        ? Double.POSITIVE_INFINITY
        : likeliest.get(0).logprob() - likeliest.get(1).logprob();
  }
}
