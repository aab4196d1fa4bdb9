package io.sirocco.worker.simulation;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.reply.ReplyCheckpoint.Choice;
import io.sirocco.contracts.reply.ReplyRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A request that was asked, and its reader, who began before the answer did.
 *
 * <p>Confined to the thread of the simulation.
 */
final class Asked {
  private final SimRequest request;
  private final List<Choice> undisturbed;
  private final TopicPartition requests;
  private final TopicPartition replies;
  private final boolean answerable;
  private final List<Long> offsets = new ArrayList<>();
  private final ReplyCheckpoint answer;
  private final Map<Integer, Choice> choices = new HashMap<>();
  private boolean cancelled;
  private boolean givenUp;
  private boolean deadly;
  private long position;

  /**
   * @param undisturbed the answer's choices when nothing goes wrong; empty when nobody knows
   * @param answerable whether the request says where the answer is wanted
   */
  Asked(
      SimRequest request,
      List<Choice> undisturbed,
      TopicPartition requests,
      TopicPartition replies,
      boolean answerable) {
    this.request = request;
    this.undisturbed = List.copyOf(undisturbed);
    this.requests = requests;
    this.replies = replies;
    this.answerable = answerable;
    this.answer = new ReplyCheckpoint(request.id(), new JsonCodec());
  }

  SimRequest request() {
    return request;
  }

  List<Choice> undisturbed() {
    return undisturbed;
  }

  TopicPartition requests() {
    return requests;
  }

  TopicPartition replies() {
    return replies;
  }

  boolean isAnswerable() {
    return answerable;
  }

  /** Notes that it may end before its answer is complete. */
  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** Notes that its reader is gone, and the log with it. */
  void giveUp() {
    givenUp = true;
  }

  boolean isGivenUp() {
    return givenUp;
  }

  /** Notes that whoever computes it dies. */
  void makeDeadly() {
    deadly = true;
  }

  boolean isDeadly() {
    return deadly;
  }

  /** Where the request is; more than one when it was written again. */
  List<Long> offsets() {
    return offsets;
  }

  /** What its reader has read so far. */
  ReplyCheckpoint answer() {
    return answer;
  }

  /** What its reader has read of one choice. */
  Choice choice(int index) {
    return choices.computeIfAbsent(index, answer::choice);
  }

  /** Has the reader read on. */
  void read(SimLog log) {
    for (SimLog.Entry entry : log.from(position)) {
      position = entry.offset() + 1;
      choices.clear();
      ReplyRecord reply = decode(entry);
      if (reply != null) {
        accept(reply);
      }
    }
  }

  /** The record of a reply log, or null if it is none. */
  static @Nullable ReplyRecord decode(SimLog.Entry entry) {
    return decode(entry.offset(), entry.timestampMillis(), entry.record());
  }

  /** The record of a reply log before it is anywhere, or null if it is none. */
  static @Nullable ReplyRecord decode(ProducerRecord<String, byte[]> record) {
    return decode(0, 0, record);
  }

  private static @Nullable ReplyRecord decode(
      long offset, long timestampMillis, ProducerRecord<String, byte[]> record) {
    return ReplyRecord.decode(
        offset,
        timestampMillis,
        name -> {
          Header header = record.headers().lastHeader(name);
          return header == null ? null : header.value();
        },
        record.value());
  }

  private void accept(ReplyRecord reply) {
    try {
      answer.accept(reply);
    } catch (MalformedJsonException e) {
      throw new AssertionError(request.id() + ": a record that nobody can read", e);
    }
  }
}
