package io.sirocco.embedded.chaos;

import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.reply.AnswerEnd;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyRecord;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a reader made of a reply log.
 *
 * <p>Immutable.
 *
 * @param choices what it was told, by choice
 * @param ended whether a terminal record counted
 * @param error the code of the error that it ended with, or null
 * @param usage as the terminal record has it, or null
 * @param attempts the number of the last start that counted; 0 without one
 * @param fault why the log cannot be read, or null
 */
record Answer(
    List<ReplyCheckpoint.Choice> choices,
    boolean ended,
    @Nullable String error,
    @Nullable Usage usage,
    int attempts,
    @Nullable String fault) {

  Answer {
    choices = List.copyOf(choices);
  }

  static Answer of(ReplyCheckpoint log, int choices, @Nullable String fault) {
    AnswerEnd end = log.end();
    ReplyRecord start = log.fold().currentStart();
    return new Answer(
        IntStream.range(0, choices).mapToObj(log::choice).toList(),
        end != null,
        end == null || end.error() == null ? null : end.error().code(),
        end == null ? null : end.usage(),
        start == null ? 0 : start.attempt(),
        fault);
  }

  /** Whether both readers would say the same; only one of them may have looked behind the end. */
  boolean agreesWith(Answer other) {
    return choices.equals(other.choices)
        && ended == other.ended
        && Objects.equals(error, other.error)
        && Objects.equals(usage, other.usage)
        && attempts == other.attempts;
  }

  /** How many ids the deltas that count carry; that of the end-of-sequence is one of them. */
  int tokens() {
    return choices.stream().mapToInt(choice -> choice.tokenIds().size()).sum();
  }
}
