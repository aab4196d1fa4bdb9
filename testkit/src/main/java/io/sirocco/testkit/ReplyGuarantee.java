package io.sirocco.testkit;

import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * What Sirocco promises about the reply log of one request.
 *
 * <p>A log that one writer wrote keeps all of them as it stands. One that several wrote may hold
 * what they left behind; there the promises are about {@link ReplyLogs#answer the answer}.
 *
 * <p>Immutable.
 */
public enum ReplyGuarantee {
  /** The log holds records of one request only. */
  ONE_REQUEST {
    @Override
    public Optional<String> violation(List<ReplyRecord> log) {
      List<String> requests =
          log.stream().map(ReplyRecord::requestId).distinct().toList();
      return requests.size() == 1 ? Optional.empty() : expected("one request", requests);
    }
  },

  /** There is exactly one terminal record, and it is the last. */
  ONE_TERMINAL_AND_LAST {
    @Override
    public Optional<String> violation(List<ReplyRecord> log) {
      List<Integer> terminals = new ArrayList<>();
      for (int i = 0; i < log.size(); i++) {
        if (log.get(i).event().isTerminal()) {
          terminals.add(i);
        }
      }
      return terminals.equals(List.of(log.size() - 1))
          ? Optional.empty()
          : expected(
              "one terminal record at the end of " + log.size() + " records",
              "terminal records at the places " + terminals);
    }
  },

  /** Deltas and terminal record are numbered from 0 without a gap, in the order of the log. */
  CONTIGUOUS_SEQUENCE {
    @Override
    public Optional<String> violation(List<ReplyRecord> log) {
      List<Long> found = log.stream()
          .filter(reply -> reply.event().isSequenced())
          .map(ReplyRecord::sequence)
          .toList();
      List<Long> wanted = LongStream.range(0, found.size()).boxed().toList();
      return found.equals(wanted) ? Optional.empty() : expected("sequences " + wanted, found);
    }
  },

  /** Every delta and terminal record comes after the start of its attempt. */
  START_FIRST {
    @Override
    public Optional<String> violation(List<ReplyRecord> log) {
      Set<Integer> started = new HashSet<>();
      for (ReplyRecord reply : log) {
        if (reply.event() == ReplyEvent.START) {
          started.add(reply.attempt());
        } else if (reply.event().isSequenced() && !started.contains(reply.attempt())) {
          return expected(
              "the start of attempt " + reply.attempt() + " before its first record",
              "starts of " + started + " before offset " + reply.offset());
        }
      }
      return started.isEmpty() ? expected("a start", "none") : Optional.empty();
    }
  },

  /** All records of an attempt come from one writer. */
  ONE_WRITER_PER_ATTEMPT {
    @Override
    public Optional<String> violation(List<ReplyRecord> log) {
      Map<Integer, String> writers = new HashMap<>();
      for (ReplyRecord reply : log) {
        String first = writers.putIfAbsent(reply.attempt(), reply.writer());
        if (first != null && !first.equals(reply.writer())) {
          return expected(
              "attempt " + reply.attempt() + " to be of " + first,
              reply.writer() + " at offset " + reply.offset());
        }
      }
      return Optional.empty();
    }
  };

  /** Says how {@code log} breaks the promise: what was expected and what was found. */
  public abstract Optional<String> violation(List<ReplyRecord> log);

  /** Asserts that {@code log} keeps every promise; the message names all that it breaks. */
  public static void assertAllHold(List<ReplyRecord> log) {
    List<String> violations = new ArrayList<>();
    for (ReplyGuarantee guarantee : values()) {
      guarantee.violation(log).ifPresent(found -> violations.add(guarantee + ": " + found));
    }
    if (!violations.isEmpty()) {
      throw new AssertionError(
          String.join("; ", violations) + "; the log: " + ReplyLogs.outline(log));
    }
  }

  private static Optional<String> expected(String wanted, Object found) {
    return Optional.of("expected " + wanted + ", found " + found);
  }
}
