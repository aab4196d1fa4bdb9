package io.sirocco.embedded.chaos;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.usage.UsageEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Evidence of a run in which everything is right, until something is planted in it. */
final class MadeUpRun {
  static final String ID = "r-1";
  static final List<Integer> TOKENS = List.of(11, 12, 13);
  private static final int PROMPT_TOKENS = 5;
  private static final Question QUESTION = new Question(
      0,
      1,
      ChatRequest.builder().message(ChatMessage.user("What is a mistral?")).build());

  final List<Asked> asked = new ArrayList<>();
  final Map<String, Answer> early = new HashMap<>();
  final Map<String, Answer> late = new HashMap<>();
  final List<UsageEvent> bills = new ArrayList<>();
  final List<String> deadLetters = new ArrayList<>();
  final List<Double> gaps = new ArrayList<>(List.of(5.0, 5.0, 5.0));

  MadeUpRun() {
    for (int i = 0; i < 3; i++) {
      String id = "r-" + i;
      asked.add(new Asked(id, QUESTION, 0, new TopicPartition("chat.replies.chaos.0", i)));
      seen(id, answer(TOKENS, "A wind."));
      bills.add(bill(id, i, TOKENS.size()));
    }
  }

  /** Early and late readers see this. */
  void seen(String id, Answer answer) {
    early.put(id, answer);
    late.put(id, answer);
  }

  static Answer answer(List<Integer> tokens, String text) {
    return answer(tokens, text, true, null, tokens.size());
  }

  static Answer answer(
      List<Integer> tokens, String text, boolean ended, @Nullable String error, int usage) {
    return new Answer(
        List.of(new ReplyCheckpoint.Choice(text, tokens, ended ? FinishReason.STOP : null)),
        ended,
        error,
        ended ? Usage.of(PROMPT_TOKENS, usage) : null,
        1,
        null);
  }

  static UsageEvent bill(String id, long offset, int completionTokens) {
    return new UsageEvent(
        "chaos",
        "chaos",
        id,
        "chat.requests.chaos",
        0,
        offset,
        PROMPT_TOKENS,
        0,
        completionTokens,
        "stop",
        1_700_000_000_000L,
        1_700_000_000_000L);
  }

  Verdict judge() {
    Undisturbed right = new Undisturbed(answer(TOKENS, "A wind."), List.of(gaps));
    return Judge.judge(new Evidence(asked, early, late, bills, deadLetters, Map.of(0, right)));
  }
}
