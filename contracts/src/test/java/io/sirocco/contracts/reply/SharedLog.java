package io.sirocco.contracts.reply;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One partition that several workers append to and anybody reads. */
final class SharedLog {
  private final JsonCodec codec = new JsonCodec();
  private final List<ReplyRecord> records = new ArrayList<>();

  long append(
      ReplyEvent event,
      String requestId,
      String writer,
      int attempt,
      @Nullable Long sequence,
      String body) {
    List<Integer> tokenIds = event == ReplyEvent.DELTA ? List.of(body.length()) : List.of();
    return append(new ReplyRecord(
        size(), 0, requestId, event, writer, attempt, sequence, 0, tokenIds, null, body));
  }

  long append(ReplyRecord reply) {
    records.add(reply);
    return records.size() - 1L;
  }

  int size() {
    return records.size();
  }

  List<ReplyRecord> records() {
    return records;
  }

  /** What a reader or an heir of r0 finds now. */
  ReplyCheckpoint read() {
    return read(records);
  }

  /** What one finds in the first {@code length} records. */
  ReplyCheckpoint readFirst(int length) {
    return read(records.subList(0, length));
  }

  private ReplyCheckpoint read(List<ReplyRecord> seen) {
    ReplyCheckpoint checkpoint = new ReplyCheckpoint("r0", codec);
    try {
      for (ReplyRecord reply : seen) {
        checkpoint.accept(reply);
      }
    } catch (MalformedJsonException e) {
      throw new AssertionError(e);
    }
    return checkpoint;
  }

  /** The text of the answer to r0. */
  String text() {
    return read().choice(0).text();
  }
}
