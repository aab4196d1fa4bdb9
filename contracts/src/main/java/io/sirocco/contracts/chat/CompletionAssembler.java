package io.sirocco.contracts.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts the chunks of an answer together into the whole.
 *
 * <p>Not thread-safe.
 */
public final class CompletionAssembler {
  private final SortedMap<Integer, ChoiceSoFar> choices = new TreeMap<>();
  private @Nullable ChatChunk latest;
  private @Nullable Usage usage;
  private @Nullable List<Integer> promptTokenIds;

  /** Appends the next chunk of the answer. */
  public void append(ChatChunk chunk) {
    latest = chunk;
    if (chunk.usage() != null) {
      usage = chunk.usage();
    }
    if (chunk.promptTokenIds() != null) {
      promptTokenIds = chunk.promptTokenIds();
    }
    for (ChatChunk.Choice choice : chunk.choices()) {
      choices.computeIfAbsent(choice.index(), index -> new ChoiceSoFar()).append(choice);
    }
  }

  /**
   * Returns the answer as it stands.
   *
   * @throws IllegalStateException before the first chunk
   */
  public ChatCompletion completion() {
    ChatChunk chunk = latest;
    if (chunk == null) {
      throw new IllegalStateException("expected at least one chunk, found none");
    }
    List<ChatCompletion.Choice> whole = new ArrayList<>();
    choices.forEach((index, choice) -> whole.add(choice.whole(index)));
    return new ChatCompletion(
        chunk.id(),
        ChatCompletion.OBJECT,
        chunk.created(),
        chunk.model(),
        whole,
        usage,
        promptTokenIds);
  }

  private static final class ChoiceSoFar {
    private final StringBuilder text = new StringBuilder();
    private @Nullable List<Logprobs.Token> logprobs;
    private @Nullable List<Integer> tokenIds;
    private @Nullable FinishReason finishReason;

    void append(ChatChunk.Choice choice) {
      if (choice.delta().content() != null) {
        text.append(choice.delta().content());
      }
      if (choice.finishReason() != null) {
        finishReason = choice.finishReason();
      }
      if (choice.logprobs() != null) {
        logprobs = joined(logprobs, choice.logprobs().content());
      }
      if (choice.tokenIds() != null) {
        tokenIds = joined(tokenIds, choice.tokenIds());
      }
    }

    private static <T> List<T> joined(@Nullable List<T> soFar, List<T> more) {
      List<T> all = soFar == null ? new ArrayList<>() : soFar;
      all.addAll(more);
      return all;
    }

    ChatCompletion.Choice whole(int index) {
      return new ChatCompletion.Choice(
          index,
          ChatCompletion.Message.of(text.toString()),
          logprobs == null ? null : new Logprobs(logprobs),
          finishReason,
          tokenIds);
    }
  }
}
