package io.sirocco.worker.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.request.ControlCommand;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a worker makes of the records of {@code chat.control}. */
class ControlRecordsTest {
  private static final RequestKey ANNS = RequestKey.of("ann", "r1");
  private static final String CANCEL = new JsonCodec().write(ControlCommand.cancel(5));

  private static final Duration AGE = Duration.ofDays(7);
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private Instant now = NOW;
  private final Cancellations cancellations = new Cancellations(3, AGE, () -> now);
  private final ControlRecords records = new ControlRecords(cancellations);

  @Test
  void cancelMeansTheRequestOfItsUserAlone() {
    write(ANNS, CANCEL);

    assertThat(cancellations.include("ann", "r1")).isTrue();
    assertThat(cancellations.include("bob", "r1")).isFalse();
    assertThat(cancellations.include("ann", "r2")).isFalse();
  }

  @Test
  void cancelWithoutUserMeansTheIdWhoeverWroteIt() {
    write(RequestKey.ofAnyUser("r1"), CANCEL);

    assertThat(cancellations.include("ann", "r1")).isTrue();
    assertThat(cancellations.include("bob", "r1")).isTrue();
  }

  @Test
  void newsIsToldOnce() {
    write(ANNS, CANCEL);

    assertThat(cancellations.news()).containsExactly(ANNS);
    assertThat(cancellations.news()).isEmpty();
    assertThat(cancellations.include("ann", "r1")).isTrue();
  }

  @Test
  void recordWithoutValueTakesTheCommandBack() {
    write(ANNS, CANCEL);
    write(ANNS, null);

    assertThat(cancellations.include("ann", "r1")).isFalse();
    assertThat(cancellations.news()).isEmpty();
  }

  @Test
  void whatCannotBeReadAndWhatIsNotKnownArePassedOver() {
    write(ANNS, "{\"command\":\"pause\",\"issued_ms\":5,\"for_ms\":3}");
    write(ANNS, "cancel");
    records.take(new ConsumerRecord<>(Topics.CONTROL, 0, 0, "r1", CANCEL.getBytes(UTF_8)));
    records.take(new ConsumerRecord<>(Topics.CONTROL, 0, 0, null, CANCEL.getBytes(UTF_8)));

    assertThat(cancellations.news()).isEmpty();
  }

  @Test
  void ofTooManyTheOldestIsForgotten() {
    for (int i = 0; i < 3; i++) {
      write(RequestKey.of("ann", "r" + i), CANCEL);
    }
    write(RequestKey.of("ann", "r0"), CANCEL); // Again, and so the latest.
    write(RequestKey.of("ann", "r3"), CANCEL);

    assertThat(cancellations.include("ann", "r1")).isFalse();
    assertThat(cancellations.include("ann", "r0")).isTrue();
    assertThat(cancellations.include("ann", "r3")).isTrue();
    assertThat(cancellations.news()).hasSize(3);
  }

  @Test
  void aTopicThatIsGoneTakesItsCommandsAlong() {
    write(ANNS, CANCEL);
    records.lost();

    assertThat(cancellations.include("ann", "r1")).isFalse();
  }

  /** An id that is fixed, as of a nightly job, is of use again. */
  @Test
  void aCommandCountsUntilItIsAsOldAsTheTopicKeepsIt() {
    write(ANNS, CANCEL);
    now = NOW.plus(AGE).minusMillis(1);
    assertThat(cancellations.include("ann", "r1")).isTrue();

    now = NOW.plus(AGE);
    assertThat(cancellations.include("ann", "r1")).isFalse();
  }

  @Test
  void aCommandThatIsGivenAgainCountsFromThenOn() {
    write(ANNS, CANCEL);
    now = NOW.plus(AGE).minusMillis(1);
    write(ANNS, CANCEL);
    now = now.plus(AGE).minusMillis(1);

    assertThat(cancellations.include("ann", "r1")).isTrue();
  }

  /** As a worker that is started reads them, where the topic's oldest segment is not deleted yet. */
  @Test
  void aCommandThatIsReadTooLateDoesNothing() {
    write(ANNS, CANCEL, NOW.minus(AGE));
    write(RequestKey.of("ann", "r2"), CANCEL, NOW.minus(AGE).plusMillis(1));

    assertThat(cancellations.include("ann", "r1")).isFalse();
    assertThat(cancellations.include("ann", "r2")).isTrue();
    assertThat(cancellations.news()).containsExactly(RequestKey.of("ann", "r2"));
  }

  @Test
  void aCommandFromTheFutureCountsFromNowOn() {
    write(ANNS, CANCEL, NOW.plus(AGE));
    now = NOW.plus(AGE);

    assertThat(cancellations.include("ann", "r1")).isFalse();
  }

  @Test
  void whatIsTooOldTakesNoRoomFromOthers() {
    for (int i = 0; i < 3; i++) {
      write(RequestKey.of("ann", "r" + i), CANCEL);
    }
    now = NOW.plus(AGE);
    write(RequestKey.of("ann", "new"), CANCEL);

    assertThat(cancellations.news()).containsExactly(RequestKey.of("ann", "new"));
  }

  private void write(RequestKey key, @Nullable String command) {
    write(key, command, now);
  }

  private void write(RequestKey key, @Nullable String command, Instant when) {
    records.take(new ConsumerRecord<>(
        Topics.CONTROL,
        0,
        0,
        when.toEpochMilli(),
        TimestampType.CREATE_TIME,
        0,
        0,
        new JsonCodec().write(key),
        command == null ? null : command.getBytes(UTF_8),
        new RecordHeaders(),
        Optional.empty()));
  }
}
