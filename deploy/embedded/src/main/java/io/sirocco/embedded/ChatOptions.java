package io.sirocco.embedded;

import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that say how an answer is generated.
 *
 * <p>Confined to the main thread.
 */
final class ChatOptions {
  private @Nullable String model;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "Who asks, and pays (default: nobody, whom a running system may refuse).")
  private @Nullable String user;

  @Option(names = "--system", paramLabel = "TEXT", description = "What sets the scene.")
  private @Nullable String system;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      defaultValue = "0",
      description = "0 to 2; 0 always takes the likeliest token (default: ${DEFAULT-VALUE}).")
  private @Nullable Double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Draw from the likeliest tokens with this probability, above 0 and at most 1.")
  private @Nullable Double topP;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "The most tokens to generate (default: until the context ends).")
  private @Nullable Integer maxTokens;

  @Option(names = "--seed", paramLabel = "N", description = "The same seed draws the same tokens.")
  private @Nullable Long seed;

  /** Asks the model {@code name}; null for the default one. */
  void ask(@Nullable String name) {
    model = name;
  }

  /** What sets the scene, or null. */
  @Nullable
  String system() {
    return system;
  }

  /** Who asks. */
  SubmitOptions submission() {
    return SubmitOptions.builder().user(user).build();
  }

  /** Returns the request that continues {@code messages}. */
  ChatRequest request(List<ChatMessage> messages) {
    return ChatRequest.builder()
        .model(model)
        .messages(messages)
        .temperature(temperature)
        .topP(topP)
        .maxCompletionTokens(maxTokens)
        .seed(seed)
        .stream(true)
        .build();
  }
}
