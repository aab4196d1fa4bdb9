package io.sirocco.testkit;

import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a reply log by hand, record after record.
 *
 * <p>Confined to the thread of its test.
 */
final class ReplyLogFixture {
  private final List<ReplyRecord> log = new ArrayList<>();
  private String requestId = "request";
  private String writer = "writer-1";
  private int attempt = 1;

  static ReplyLogFixture log() {
    return new ReplyLogFixture();
  }

  ReplyLogFixture request(String id) {
    requestId = id;
    return this;
  }

  ReplyLogFixture writer(String name, int itsAttempt) {
    writer = name;
    attempt = itsAttempt;
    return this;
  }

  ReplyLogFixture start() {
    return add(ReplyEvent.START, null);
  }

  ReplyLogFixture delta(long sequence) {
    return add(ReplyEvent.DELTA, sequence);
  }

  ReplyLogFixture end(long sequence) {
    return add(ReplyEvent.END, sequence);
  }

  ReplyLogFixture error(long sequence) {
    return add(ReplyEvent.ERROR, sequence);
  }

  ReplyLogFixture release() {
    return add(ReplyEvent.RELEASE, null);
  }

  private ReplyLogFixture add(ReplyEvent event, @Nullable Long sequence) {
    log.add(new ReplyRecord(
        log.size(), 0, requestId, event, writer, attempt, sequence, 0, List.of(), null, "{}"));
    return this;
  }

  List<ReplyRecord> records() {
    return List.copyOf(log);
  }
}
