package io.sirocco.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.sirocco.contracts.error.ErrorCode;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DeadLetterLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(DeadLetters.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private long nanos;
  private final DeadLetterLog log = new DeadLetterLog(() -> nanos);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  @AfterEach
  void stopListening() {
    logger.setAdditive(true);
    logger.detachAppender(lines);
  }

  @Test
  void ofAFloodTheFirstHaveALineAndTheRestACount() {
    for (int offset = 0; offset < 1000; offset++) {
      write(offset);
    }
    assertThat(lines.list).hasSize(DeadLetterLog.LINES);

    nanos += DeadLetterLog.WINDOW.toNanos();
    write(1000);

    assertThat(lines.list.subList(DeadLetterLog.LINES, lines.list.size()))
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "dead letters that had no line of their own: 990",
            "dead letter topic=requests partition=3 offset=1000 code=invalid_json reason=why");
  }

  private void write(long offset) {
    log.written(
        new ConsumerRecord<>("requests", 3, offset, null, null),
        new InFlight.Reason(ErrorCode.INVALID_JSON, "why"));
  }
}
