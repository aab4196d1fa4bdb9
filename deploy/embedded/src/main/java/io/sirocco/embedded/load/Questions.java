package io.sirocco.embedded.load;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes up what is asked: prompts of random words, so that hardly two begin alike, and answers that
 * are as long as they were drawn.
 *
 * <p>Thread-safe.
 */
public final class Questions {
  private static final List<String> WORDS = List.of(
      "wind",
      "sea",
      "morning",
      "river",
      "letter",
      "garden",
      "window",
      "music",
      "winter",
      "road",
      "mountain",
      "story",
      "market",
      "evening",
      "bridge",
      "island",
      "summer",
      "teacher",
      "forest",
      "answer",
      "question",
      "lantern",
      "harbour",
      "silver");

  private final @Nullable String model;
  private final Lengths promptWords;
  private final Lengths answerTokens;
  private final RandomGenerator random;

  /** @param model whom to ask; null: the default model */
  public Questions(
      @Nullable String model, Lengths promptWords, Lengths answerTokens, RandomGenerator random) {
    this.model = model;
    this.promptWords = promptWords;
    this.answerTokens = answerTokens;
    this.random = random;
  }

  /** Returns the next request. */
  public synchronized ChatRequest next() {
    String prompt = Stream.generate(() -> WORDS.get(random.nextInt(WORDS.size())))
        .limit(promptWords.draw(random))
        .collect(Collectors.joining(" "));
    return ChatRequest.builder()
        .model(model)
        .message(ChatMessage.user(prompt))
        .maxCompletionTokens(answerTokens.draw(random))
        .extra("ignore_eos", true)
        .stream(true)
        .extra("stream_options", Map.of("include_usage", true))
        .build();
  }
}
