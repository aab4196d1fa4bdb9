package io.sirocco.contracts.topic;

/**
 * The names of the record headers. Values are UTF-8 text unless a constant says otherwise; of a
 * repeated header the last one counts.
 *
 * <p>Immutable.
 */
public final class Headers {
  // On a request.

  /** The topic on which the answer is wanted. Required. */
  public static final String REPLY_TOPIC = "kafka_replyTopic";

  /** The partition of the reply topic, as a 4-byte big-endian integer; absent: 0. */
  public static final String REPLY_PARTITION = "kafka_replyPartition";

  /** Where the answer will begin, in decimal, if the requester knows; 0 on a fresh topic. */
  public static final String REPLY_OFFSET = "x-reply-offset";

  /** Who pays, set by a trusted producer. */
  public static final String USER = "x-user";

  /** {@code true}: a field that nobody knows is an error; absent or {@code false}: a warning. */
  public static final String STRICT = "strict";

  /** When the answer is of no use any more, in milliseconds since the epoch, in decimal. */
  public static final String DEADLINE_MS = "deadline-ms";

  /** {@code false}: no {@code progress} while the request waits; absent or {@code true}: some. */
  public static final String PROGRESS = "progress";

  // On a request and on every record of its answer.

  /** Raw bytes of the requester's own, echoed as they are and never parsed. */
  public static final String CORRELATION_ID = "kafka_correlationId";

  /** The request's id, as {@link RequestIds} takes it; absent: the worker makes one. */
  public static final String REQUEST_ID = "x-request-id";

  /** W3C trace context. */
  public static final String TRACEPARENT = "traceparent";

  /** W3C trace context of vendors. */
  public static final String TRACESTATE = "tracestate";

  // On the records of an answer.

  /** What the record is: a {@link io.sirocco.contracts.reply.ReplyEvent}. */
  public static final String EVENT = "event";

  /** The place of a delta or terminal record in the answer: contiguous from 0, in decimal. */
  public static final String SEQUENCE = "sequence";

  /** Who wrote the record: one name for each assignment of a partition to a worker. */
  public static final String WRITER = "writer";

  /** The number of the start under which the record was written, from 1, in decimal. */
  public static final String ATTEMPT = "attempt";

  /** The generation of the consumer group at the start, in decimal; for people and logs alone. */
  public static final String EPOCH = "epoch";

  /** The choice that a delta belongs to, from 0, in decimal. */
  public static final String CHOICE = "choice";

  /** The ids of the tokens since the last delta, in decimal, separated by commas. */
  public static final String TOKEN_IDS = "token-ids";

  /** On a start: the seed in use, in decimal. */
  public static final String SEED = "seed";

  /** On a start: request fields that were ignored, separated by commas, the first 1000 characters. */
  public static final String WARNINGS = "warnings";

  // On a dead letter: the names that Spring Kafka uses, so that its tools read them.

  /** The topic the dead letter comes from. */
  public static final String DLT_ORIGINAL_TOPIC = "kafka_dlt-original-topic";

  /** The partition the dead letter comes from, as a 4-byte big-endian integer. */
  public static final String DLT_ORIGINAL_PARTITION = "kafka_dlt-original-partition";

  /** The offset of the dead letter in its partition, as an 8-byte big-endian integer. */
  public static final String DLT_ORIGINAL_OFFSET = "kafka_dlt-original-offset";

  /** The timestamp of the original record, as an 8-byte big-endian integer of epoch milliseconds. */
  public static final String DLT_ORIGINAL_TIMESTAMP = "kafka_dlt-original-timestamp";

  /** The kind of that timestamp: {@code CreateTime} or {@code LogAppendTime}. */
  public static final String DLT_ORIGINAL_TIMESTAMP_TYPE = "kafka_dlt-original-timestamp-type";

  /** The consumer group that gave the record up. */
  public static final String DLT_ORIGINAL_CONSUMER_GROUP = "kafka_dlt-original-consumer-group";

  /** The class of the exception that says why. */
  public static final String DLT_EXCEPTION_FQCN = "kafka_dlt-exception-fqcn";

  /** Why the record was given up, for a person. */
  public static final String DLT_EXCEPTION_MESSAGE = "kafka_dlt-exception-message";

  // On a usage event: CloudEvents in Kafka's binary mode.

  /** The version of the CloudEvents specification. */
  public static final String CE_SPECVERSION = "ce_specversion";

  /** The same for all copies of an event. */
  public static final String CE_ID = "ce_id";

  /** Who tells of the event; with the id it is unique. */
  public static final String CE_SOURCE = "ce_source";

  /** What happened, with the version of the body. */
  public static final String CE_TYPE = "ce_type";

  /** Whom it concerns. */
  public static final String CE_SUBJECT = "ce_subject";

  /** When it happened, as in RFC 3339. */
  public static final String CE_TIME = "ce_time";

  /** The media type of the body. */
  public static final String CONTENT_TYPE = "content-type";

  private Headers() {}
}
