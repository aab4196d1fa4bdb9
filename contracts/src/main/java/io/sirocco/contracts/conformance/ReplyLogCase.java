package io.sirocco.contracts.conformance;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One reply log of the conformance file, and what a right reader makes of it.
 *
 * <p>Immutable.
 *
 * @param name for test reports
 * @param about what happened
 * @param requestId the request whose answer is read
 * @param replyOffset where reading begins
 * @param records the partition, from its first record on
 * @param expected what the reader finds
 */
public record ReplyLogCase(
    @JsonProperty("name") String name,
    @JsonProperty("about") String about,
    @JsonProperty("request_id") String requestId,
    @JsonProperty("reply_offset") long replyOffset,
    @JsonProperty("records") List<LoggedRecord> records,
    @JsonProperty("expected") Expected expected) {

  /** The name of the file, beside this class. */
  public static final String FILE = "reply-logs.json";

  private record File(@JsonProperty("cases") List<ReplyLogCase> cases) {}

  public ReplyLogCase {
    records = List.copyOf(records);
  }

  /** Reads all cases of the file that comes with this version. */
  public static List<ReplyLogCase> all() {
    try (InputStream file = ReplyLogCase.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException("expected the resource " + FILE + ", found none");
      }
      return new JsonCodec().read(file.readAllBytes(), File.class).cases();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedJsonException e) {
      throw new IllegalStateException("expected the resource " + FILE + " to be well-formed", e);
    }
  }

  /** The records that a reader is given, one by one. */
  public List<LoggedRecord> fromReplyOffset() {
    return records.stream().filter(logged -> logged.offset() >= replyOffset).toList();
  }

  @Override
  public String toString() {
    return name;
  }

  /**
   * What a right reader finds.
   *
   * @param state {@code ended}, {@code failed} or {@code open}
   * @param error the code of the error, if it failed
   * @param choices what was written, choice by choice
   * @param accepted the offsets of the deltas and the terminal record that count
   * @param nextSequence the sequence of the record that would count next
   * @param nextAttempt the attempt of a worker that would take the request up next
   * @param fruitlessWriters how many writers left neither a delta nor a release since the last delta
   */
  public record Expected(
      @JsonProperty("state") String state,
      @JsonProperty("error") @Nullable String error,
      @JsonProperty("choices") List<Choice> choices,
      @JsonProperty("accepted") List<Long> accepted,
      @JsonProperty("next_sequence") long nextSequence,
      @JsonProperty("next_attempt") int nextAttempt,
      @JsonProperty("fruitless_writers") int fruitlessWriters) {
    public Expected {
      choices = List.copyOf(choices);
      accepted = List.copyOf(accepted);
    }
  }

  /**
   * What was written of one choice.
   *
   * @param text its text
   * @param tokenIds its tokens
   * @param finishReason why it ended, if it did
   */
  public record Choice(
      @JsonProperty("text") String text,
      @JsonProperty("token_ids") List<Integer> tokenIds,
      @JsonProperty("finish_reason") @Nullable String finishReason) {
    public Choice {
      tokenIds = List.copyOf(tokenIds);
    }
  }
}
