package io.sirocco.worker.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.worker.prompt.RequestDecoder;
import io.sirocco.worker.prompt.RequestMapper;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A request that can be asked in any run; it is always answered alike.
 *
 * <p>Immutable.
 *
 * @param id the request id
 * @param body OpenAI's JSON
 */
record SimRequest(String id, String body) {
  /** How many there are to choose from. */
  static final int COUNT = 48;

  /** Who asks. */
  static final String USER = "somebody";

  /** The request of that number, from 0: of all kinds that make a takeover harder. */
  static SimRequest of(int number) {
    Random random = new Random(number);
    StringBuilder body = new StringBuilder("{");
    body.append("\"stream\":").append(number % 3 != 0);
    body.append(",\"n\":").append(number % 4 == 1 ? 2 : 1);
    body.append(",\"max_tokens\":").append(2 + random.nextInt(9));
    body.append(",\"temperature\":").append(number % 2);
    if (number % 5 < 3) {
      body.append(",\"stop\":[\"ab\",\"c\",\"gfe\"]");
    }
    if (number % 3 == 1) {
      body.append(",\"frequency_penalty\":1.5,\"presence_penalty\":0.5");
    }
    if (number % 7 == 0) {
      body.append(",\"seed\":").append(number);
    }
    body.append(",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(Integer.toString(random.nextInt(1_000_000_000), 36)));
    return new SimRequest("r" + number, body.toString());
  }

  /** What is computed before its answer begins. */
  int[] promptIds(RequestMapper mapper) {
    try {
      return mapper
          .map(new RequestDecoder(new JsonCodec()).decode(body.getBytes(UTF_8)), id)
          .promptIds();
    } catch (InvalidRequestException e) {
      throw new AssertionError(e);
    }
  }

  /** The record that asks, for an answer at the begin of {@code replies}; null: it does not say where. */
  ProducerRecord<String, byte[]> record(TopicPartition requests, @Nullable String replies) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(requests.topic(), requests.partition(), id, body.getBytes(UTF_8));
    if (replies != null) {
      record.headers().add(Headers.REPLY_TOPIC, replies.getBytes(UTF_8));
    }
    record.headers().add(Headers.REPLY_OFFSET, "0".getBytes(UTF_8));
    record.headers().add(Headers.REQUEST_ID, id.getBytes(UTF_8));
    record.headers().add(Headers.USER, USER.getBytes(UTF_8));
    return record;
  }
}
