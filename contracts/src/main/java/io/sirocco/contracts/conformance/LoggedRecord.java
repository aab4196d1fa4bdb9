package io.sirocco.contracts.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.json.JsonCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka record of a {@link ReplyLogCase}.
 *
 * <p>Immutable.
 *
 * @param offset its place in the partition
 * @param headers name to text, or to a list of texts where a header is repeated
 * @param value the body as JSON; null where the record has no value
 */
public record LoggedRecord(
    @JsonProperty("offset") long offset,
    @JsonProperty("headers") Map<String, Object> headers,
    @JsonProperty("value") @Nullable Object value) {

  /** One header as Kafka has it. */
  public record Header(String name, String text) {
    /** The value of the header. */
    public byte[] bytes() {
      return text.getBytes(UTF_8);
    }
  }

  public LoggedRecord {
    headers = Map.copyOf(headers);
  }

  /** All headers, the repeated ones in their order. */
  public List<Header> allHeaders() {
    List<Header> all = new ArrayList<>();
    headers.forEach((name, text) -> (text instanceof List<?> texts ? texts : List.of(text))
        .forEach(one -> all.add(new Header(name, String.valueOf(one)))));
    return all;
  }

  /** Returns the value of the last header of that name, or null when there is none. */
  public byte @Nullable [] lastHeader(String name) {
    byte[] last = null;
    for (Header header : allHeaders()) {
      last = header.name().equals(name) ? header.bytes() : last;
    }
    return last;
  }

  /** The value of the record, in UTF-8. */
  public byte @Nullable [] valueBytes() {
    return value == null ? null : new JsonCodec().writeBytes(value);
  }
}
