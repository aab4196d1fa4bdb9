package io.sirocco.embedded.chaos;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What is asked: short answers and long ones, the likeliest tokens and drawn ones, and everything that
 * an heir has to go on with.
 *
 * <p>Immutable.
 */
final class Questions {
  private static final int LONG_TOKENS = 160;
  private static final List<String> PROMPTS = List.of(
      "What is a mistral?",
      "What is the capital of France?",
      "What is the purpose of a consumer group?",
      "What is the purpose of the KV cache?",
      "Tell me a story.",
      "How many languages do humans speak?");

  private Questions() {}

  /** Returns {@code most} questions, or as many as there are. */
  static List<Question> of(long seed, int most) {
    Random random = new Random(seed);
    List<Question> questions = new ArrayList<>();
    for (String prompt : PROMPTS) {
      add(questions, 1, request(prompt).temperature(0.0).stream(true));
      add(questions, 1, lengthy(request(prompt)).temperature(0.0).stream(true));
      add(questions, 1, lengthy(drawn(request(prompt), random)).stream(true));
      add(questions, 1, drawn(request(prompt), random).stop(List.of(". ")).stream(true));
      add(questions, 2, lengthy(drawn(request(prompt), random)).extra("n", 2).stream(true));
      add(
          questions,
          1,
          lengthy(drawn(request(prompt), random))
              .extra("frequency_penalty", 0.5)
              .extra("repetition_penalty", 1.1)
              .stream(false));
    }
    return List.copyOf(questions.subList(0, Math.min(most, questions.size())));
  }

  private static void add(List<Question> questions, int choices, ChatRequest.Builder request) {
    questions.add(new Question(questions.size(), choices, request.build()));
  }

  private static ChatRequest.Builder request(String prompt) {
    return ChatRequest.builder().message(ChatMessage.user(prompt)).maxCompletionTokens(LONG_TOKENS);
  }

  private static ChatRequest.Builder lengthy(ChatRequest.Builder request) {
    return request.extra("ignore_eos", true);
  }

  private static ChatRequest.Builder drawn(ChatRequest.Builder request, Random random) {
    return request.temperature(0.9).topP(0.95).seed((long) random.nextInt(1_000_000));
  }
}
