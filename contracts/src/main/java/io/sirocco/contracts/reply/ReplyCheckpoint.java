package io.sirocco.contracts.reply;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a reply log holds of an answer: all that another worker needs to go on with it, or to close it.
 *
 * <p>It is filled by the {@link ReplyFold} of every reader, and so whoever goes on with an answer
 * begins where its readers stand.
 *
 * <p>Not thread-safe: confined to the thread that reads the log.
 */
public final class ReplyCheckpoint {
  /**
   * What was accepted of one choice.
   *
   * <p>Immutable.
   *
   * @param text what readers have seen
   * @param tokenIds all tokens behind it, those included whose text is held back, or that have none
   * @param finishReason why the choice ended, or null while it has not
   */
  public record Choice(
      String text, List<Integer> tokenIds, @Nullable FinishReason finishReason) {
    /** A choice of which nothing was written. */
    public static final Choice NOTHING = new Choice("", List.of(), null);

    public Choice {
      tokenIds = List.copyOf(tokenIds);
    }
  }

  private final JsonCodec codec;
  private final ReplyFold fold;
  private final List<ChatChunk> chunks = new ArrayList<>();
  private final SortedMap<Integer, List<Integer>> tokenIds = new TreeMap<>();
  private final Set<String> fruitless = new HashSet<>();
  private @Nullable AnswerEnd end;

  /** Begins at the reply offset of the request. */
  public ReplyCheckpoint(String requestId, JsonCodec codec) {
    this.codec = codec;
    this.fold = new ReplyFold(requestId);
  }

  /**
   * Takes the next record of the partition, whatever request it belongs to.
   *
   * @throws MalformedJsonException when the record counts and its body is not what its event asks for:
   *     no reader can make a text of this log
   */
  public ReplyFold.Effect accept(ReplyRecord reply) throws MalformedJsonException {
    ReplyFold.Effect effect = fold.accept(reply);
    switch (effect) {
      case STARTED -> fruitless.add(reply.writer());
      case APPENDED -> append(reply);
      case ENDED -> end = AnswerEnd.read(reply, codec);
      case DROPPED -> forgive(reply);
    }
    return effect;
  }

  private void append(ReplyRecord delta) throws MalformedJsonException {
    fruitless.clear();
    tokenIds.computeIfAbsent(delta.choice(), choice -> new ArrayList<>()).addAll(delta.tokenIds());
    chunks.add(codec.read(delta.body(), ChatChunk.class));
  }

  private void forgive(ReplyRecord reply) {
    if (reply.event() == ReplyEvent.RELEASE && reply.requestId().equals(fold.requestId())) {
      fruitless.remove(reply.writer());
    }
  }

  /** Where the log stands: the current start, the next attempt and sequence, the terminal record. */
  public ReplyFold fold() {
    return fold;
  }

  /** How the answer ended, or null while it is open. */
  public @Nullable AnswerEnd end() {
    return end;
  }

  /** The bodies of all deltas that count. */
  public List<ChatChunk> chunks() {
    return List.copyOf(chunks);
  }

  /** What was accepted of that choice. */
  public Choice choice(int index) {
    StringBuilder text = new StringBuilder();
    FinishReason finishReason = null;
    for (ChatChunk chunk : chunks) {
      for (ChatChunk.Choice part : chunk.choices()) {
        if (part.index() == index) {
          text.append(part.delta().content() == null ? "" : part.delta().content());
          finishReason = part.finishReason() == null ? finishReason : part.finishReason();
        }
      }
    }
    return new Choice(text.toString(), tokenIds.getOrDefault(index, List.of()), finishReason);
  }

  /** How many tokens were accepted, of all choices: those that are billed. */
  public int completionTokens() {
    return tokenIds.values().stream().mapToInt(List::size).sum();
  }

  /** The seed that the current start names, to be used by whoever goes on; null when it names none. */
  public @Nullable Long seed() {
    ReplyRecord start = fold.currentStart();
    return start == null ? null : start.seed();
  }

  /**
   * How many writers took the request up since the last delta and left nothing, not even a release: as
   * many crashes may be its fault.
   */
  public int fruitlessWriters() {
    return fruitless.size();
  }
}
