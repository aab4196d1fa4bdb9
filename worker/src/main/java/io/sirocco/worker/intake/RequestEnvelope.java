package io.sirocco.worker.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.RequestIds;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.reply.ReplyAddress;
import io.sirocco.worker.reply.ReplyLog;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a request record say: who asks, and where the answer is wanted.
 *
 * <p>Immutable.
 *
 * @param requestId the sender's id, or one made of the record's place, so that it stays the same
 *     when the record is read again
 * @param log where the answer is wanted
 */
record RequestEnvelope(String requestId, ReplyLog log) {
  /**
   * Reads the headers of {@code request}.
   *
   * @param allowed the reply topics that may be written to
   * @throws UndeliverableException when they name no place to answer to
   */
  static RequestEnvelope read(ConsumerRecord<String, byte[]> request, Pattern allowed)
      throws UndeliverableException {
    byte[] topicHeader = last(request, Headers.REPLY_TOPIC);
    if (topicHeader == null) {
      throw UndeliverableException.missing(Headers.REPLY_TOPIC);
    }
    String topic = new String(topicHeader, UTF_8);
    if (!Topics.isLegal(topic) || !allowed.matcher(topic).matches()) {
      throw UndeliverableException.notAllowed(allowed);
    }
    ReplyAddress address = new ReplyAddress(topic, partition(request));
    String requestId = requestId(request);
    return new RequestEnvelope(
        requestId, new ReplyLog(address, requestId, replyOffset(request), request.timestamp()));
  }

  /** Where the answer begins; empty when the header does not say, or says nothing of use. */
  private static OptionalLong replyOffset(ConsumerRecord<String, byte[]> request) {
    byte[] header = last(request, Headers.REPLY_OFFSET);
    try {
      long offset = header == null ? -1 : Long.parseLong(new String(header, UTF_8));
      return offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * Checks that the place where the answer begins, if the sender names one, is one.
   *
   * @throws InvalidRequestException when it is no place in a partition
   */
  void requireUsableReplyOffset(ConsumerRecord<String, byte[]> request)
      throws InvalidRequestException {
    if (last(request, Headers.REPLY_OFFSET) != null && log.begin().isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_VALUE,
          Headers.REPLY_OFFSET,
          "expected a whole number from 0 to %d, found another text".formatted(Long.MAX_VALUE));
    }
  }

  private static int partition(ConsumerRecord<String, byte[]> request)
      throws UndeliverableException {
    byte[] partition = last(request, Headers.REPLY_PARTITION);
    if (partition == null) {
      return 0;
    }
    int number = partition.length == Integer.BYTES ? ByteBuffer.wrap(partition).getInt() : -1;
    if (number < 0) {
      throw UndeliverableException.badPartition();
    }
    return number;
  }

  /**
   * Checks that the sender's id, if there is one, is the one in use.
   *
   * @throws InvalidRequestException when it is of no use as an id
   */
  void requireUsableRequestId(ConsumerRecord<String, byte[]> request)
      throws InvalidRequestException {
    byte[] id = last(request, Headers.REQUEST_ID);
    if (id != null && !RequestIds.isUsable(id)) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_VALUE,
          Headers.REQUEST_ID,
          "expected an id of 1 to %d bytes of UTF-8, found %d bytes"
              .formatted(RequestIds.MOST_BYTES, id.length));
    }
  }

  /**
   * Whether fields that nobody knows are errors.
   *
   * @throws InvalidRequestException when the header says neither
   */
  static boolean isStrict(ConsumerRecord<String, byte[]> request) throws InvalidRequestException {
    return flag(request, Headers.STRICT, false);
  }

  /**
   * Reads a header that is {@code true} or {@code false}.
   *
   * @throws InvalidRequestException when it says neither
   */
  static boolean flag(ConsumerRecord<String, byte[]> request, String name, boolean absent)
      throws InvalidRequestException {
    byte[] header = last(request, name);
    String flag = header == null ? Boolean.toString(absent) : new String(header, UTF_8);
    if (!flag.equals("true") && !flag.equals("false")) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_VALUE, name, "expected true or false, found another text");
    }
    return flag.equals("true");
  }

  /** Returns the sender's id, or one made of the record's place when there is no usable one. */
  static String requestId(ConsumerRecord<String, byte[]> request) {
    byte[] id = last(request, Headers.REQUEST_ID);
    if (id != null && RequestIds.isUsable(id)) {
      return new String(id, UTF_8);
    }
    String place = request.topic() + "/" + request.partition() + "/" + request.offset();
    return UUID.nameUUIDFromBytes(place.getBytes(UTF_8)).toString();
  }

  /** Returns the value of the last header of that name, or null when there is none. */
  static byte @Nullable [] last(ConsumerRecord<String, byte[]> request, String name) {
    Header header = request.headers().lastHeader(name);
    return header == null ? null : header.value();
  }
}
