package io.sirocco.contracts.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.reply.AnswerEnd;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyFold.Effect;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.topic.Headers;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Readers and heirs of this version find what the conformance file says. */
class ReplyLogConformanceTest {
  private final JsonCodec codec = new JsonCodec();

  static List<ReplyLogCase> cases() {
    return ReplyLogCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readerAcceptsTheRecordsThatCount(ReplyLogCase log) throws MalformedJsonException {
    ReplyCheckpoint checkpoint = new ReplyCheckpoint(log.requestId(), codec);
    List<Long> accepted = new ArrayList<>();
    for (LoggedRecord logged : log.fromReplyOffset()) {
      Effect effect = accept(checkpoint, logged);
      if (effect == Effect.APPENDED || effect == Effect.ENDED) {
        accepted.add(logged.offset());
      }
    }

    assertThat(accepted).isEqualTo(log.expected().accepted());
    assertThat(checkpoint.fold().nextSequence()).isEqualTo(log.expected().nextSequence());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyChoiceHasItsTextAndItsTokens(ReplyLogCase log) throws MalformedJsonException {
    ReplyCheckpoint checkpoint = read(log);

    int index = 0;
    for (ReplyLogCase.Choice expected : log.expected().choices()) {
      ReplyCheckpoint.Choice found = checkpoint.choice(index++);
      assertThat(found.text()).isEqualTo(expected.text());
      assertThat(found.tokenIds()).isEqualTo(expected.tokenIds());
      assertThat(lowerCase(found.finishReason())).isEqualTo(expected.finishReason());
    }
    assertThat(checkpoint.choice(index)).isEqualTo(ReplyCheckpoint.Choice.NOTHING);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void answerHasEndedFailedOrIsOpen(ReplyLogCase log) throws MalformedJsonException {
    AnswerEnd end = read(log).end();

    if (end == null) {
      assertThat(log.expected().state()).isEqualTo("open");
    } else if (end.error() == null) {
      assertThat(log.expected().state()).isEqualTo("ended");
    } else {
      assertThat(log.expected().state()).isEqualTo("failed");
      assertThat(end.error().code()).isEqualTo(log.expected().error());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void billedTokensAreThoseAccepted(ReplyLogCase log) throws MalformedJsonException {
    ReplyCheckpoint checkpoint = read(log);
    AnswerEnd end = checkpoint.end();

    int accepted = log.expected().choices().stream()
        .mapToInt(choice -> choice.tokenIds().size())
        .sum();
    assertThat(checkpoint.completionTokens()).isEqualTo(accepted);
    if (end != null && end.usage() != null) {
      assertThat(end.usage().completionTokens()).isEqualTo(accepted);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void heirKnowsItsAttemptAndWhetherTheRequestIsSuspect(ReplyLogCase log)
      throws MalformedJsonException {
    ReplyCheckpoint checkpoint = read(log);

    assertThat(checkpoint.fold().nextAttempt()).isEqualTo(log.expected().nextAttempt());
    assertThat(checkpoint.fruitlessWriters()).isEqualTo(log.expected().fruitlessWriters());
  }

  @Test
  void fileHasEveryEventAndNoNameTwice() {
    Set<ReplyEvent> events = EnumSet.noneOf(ReplyEvent.class);
    for (ReplyLogCase log : cases()) {
      log.records().stream().map(ReplyLogConformanceTest::decode).forEach(reply -> {
        if (reply != null) {
          events.add(reply.event());
        }
      });
    }

    assertThat(events).containsExactlyInAnyOrder(ReplyEvent.values());
    assertThat(cases().stream().map(ReplyLogCase::name)).doesNotHaveDuplicates();
  }

  /** A reader without any one of the rules is found out. */
  @Test
  void everyHeaderOfTheRuleDecidesInSomeCase() throws MalformedJsonException {
    Set<String> decisive = new TreeSet<>();
    List<String> rule =
        List.of(Headers.REQUEST_ID, Headers.WRITER, Headers.ATTEMPT, Headers.SEQUENCE);
    for (ReplyLogCase log : cases()) {
      for (String header : rule) {
        if (!acceptedWithout(header, log).equals(log.expected().accepted())) {
          decisive.add(header);
        }
      }
    }

    assertThat(decisive).containsExactlyInAnyOrderElementsOf(rule);
  }

  /** Reads as if all records were alike in that header; a reader that forgets to look sees this. */
  private List<Long> acceptedWithout(String header, ReplyLogCase log)
      throws MalformedJsonException {
    ReplyCheckpoint checkpoint = new ReplyCheckpoint(log.requestId(), codec);
    List<Long> accepted = new ArrayList<>();
    for (LoggedRecord logged : log.fromReplyOffset()) {
      ReplyRecord reply = decode(logged);
      if (reply == null) {
        continue;
      }
      ReplyRecord blurred = new ReplyRecord(
          reply.offset(),
          reply.timestampMillis(),
          header.equals(Headers.REQUEST_ID) ? log.requestId() : reply.requestId(),
          reply.event(),
          header.equals(Headers.WRITER) ? "w" : reply.writer(),
          header.equals(Headers.ATTEMPT) ? 1 : reply.attempt(),
          header.equals(Headers.SEQUENCE) && reply.sequence() != null
              ? Long.valueOf(checkpoint.fold().nextSequence())
              : reply.sequence(),
          reply.choice(),
          reply.tokenIds(),
          reply.seed(),
          reply.body());
      Effect effect = checkpoint.accept(blurred);
      if (effect == Effect.APPENDED || effect == Effect.ENDED) {
        accepted.add(reply.offset());
      }
    }
    return accepted;
  }

  private ReplyCheckpoint read(ReplyLogCase log) throws MalformedJsonException {
    ReplyCheckpoint checkpoint = new ReplyCheckpoint(log.requestId(), codec);
    for (LoggedRecord logged : log.fromReplyOffset()) {
      accept(checkpoint, logged);
    }
    return checkpoint;
  }

  private static Effect accept(ReplyCheckpoint checkpoint, LoggedRecord logged)
      throws MalformedJsonException {
    ReplyRecord reply = decode(logged);
    return reply == null ? Effect.DROPPED : checkpoint.accept(reply);
  }

  private static @Nullable ReplyRecord decode(LoggedRecord logged) {
    return ReplyRecord.decode(logged.offset(), 0, logged::lastHeader, logged.valueBytes());
  }

  private static @Nullable String lowerCase(@Nullable Enum<?> value) {
    return value == null ? null : value.name().toLowerCase(Locale.ROOT);
  }
}
