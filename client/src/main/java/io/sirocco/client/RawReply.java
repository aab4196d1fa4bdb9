package io.sirocco.client;

import io.sirocco.contracts.reply.ReplyRecord;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One record of an answer as it stands in Kafka.
 *
 * <p>Immutable.
 *
 * @param reply the record, its headers decoded
 * @param headers all its headers in the order of the record, as UTF-8 text; of a repeated one the
 *     last
 */
public record RawReply(ReplyRecord reply, Map<String, String> headers) {
  public RawReply {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  /** The record's place in its partition. */
  public long offset() {
    return reply.offset();
  }

  /** The record's timestamp, in milliseconds since the epoch. */
  public long timestampMillis() {
    return reply.timestampMillis();
  }

  /** The record's value: OpenAI's JSON, or empty. */
  public String value() {
    return reply.body();
  }
}
