package io.sirocco.checks;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.WaitEstimate;
import io.sirocco.contracts.topic.Headers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The messages of an AsyncAPI document: headers from docs/wire.md, bodies from the records.
 *
 * <p>Confined to one test.
 */
final class AsyncApiMessages {
  private static final String ON_REQUEST = "On a request:";
  private static final String ON_BOTH = "On a request, and on every record of its answer:";
  private static final String ON_ANSWER = "On the records of an answer:";
  private static final String ON_DEAD_LETTER =
      "On a dead letter, under the names that Spring Kafka uses; integers are big-endian:";
  private static final String ON_EVENT =
      "On a usage event, a receipt and a correction, which they make CloudEvents in Kafka's binary mode:";
  private static final String TEXT = "string";

  private final WireDocument wire;
  private final RecordSchemas schemas = new RecordSchemas();
  private final Map<String, Object> messages = new LinkedHashMap<>();

  AsyncApiMessages(WireDocument wire) {
    this.wire = wire;
  }

  /** The components of the document: all messages that were made, and their schemas. */
  Map<String, Object> components() {
    return Map.of("messages", messages, "schemas", schemas.all());
  }

  /** Makes the message that asks; returns its name. */
  String request() {
    String name = message(
        "chatRequest",
        schemas.of(ChatRequest.class),
        headers(List.of(Headers.REPLY_TOPIC), ON_REQUEST, ON_BOTH));
    object(messages.get(name)).put("correlationId", correlation());
    return name;
  }

  /** Makes a message of an answer; returns its name. */
  String reply(ReplyEvent event) {
    List<String> required = new ArrayList<>(
        List.of(Headers.EVENT, Headers.WRITER, Headers.ATTEMPT, Headers.REQUEST_ID));
    if (event.isSequenced()) {
      required.add(Headers.SEQUENCE);
    }
    Map<String, Object> headers = headers(required, ON_BOTH, ON_ANSWER);
    Map<String, Object> members = object(headers.get("properties"));
    members.put(Headers.EVENT, Map.of("type", TEXT, "const", event.wireName()));
    String name = message(event.wireName(), payload(event), headers);
    object(messages.get(name)).put("summary", wire.table("## Events").get(event.wireName()));
    object(messages.get(name)).put("correlationId", correlation());
    return name;
  }

  private Map<String, Object> payload(ReplyEvent event) {
    return switch (event) {
      case START, DELTA -> schemas.of(ChatChunk.class);
      case END ->
        Map.of("oneOf", List.of(schemas.of(ChatChunk.class), schemas.of(ChatCompletion.class)));
      case ERROR -> schemas.of(ErrorBody.class);
      case PROGRESS -> schemas.of(WaitEstimate.class);
      case RELEASE -> Map.of("type", "null");
    };
  }

  /** Makes a message whose key is text; returns its name. */
  String underText(String name, Class<?> body) {
    return under(name, Map.of("type", TEXT), body);
  }

  /** Makes a message whose key is a record; returns its name. */
  String under(String name, Class<?> key, Class<?> body) {
    return under(name, schemas.of(key), body);
  }

  private String under(String name, Map<String, Object> key, Class<?> body) {
    message(name, schemas.of(body), Map.of());
    object(messages.get(name))
        .put("bindings", Map.of("kafka", Map.of("key", key, "bindingVersion", "0.5.0")));
    return name;
  }

  /** Makes a message that is a CloudEvent; returns its name. */
  String event(String name, Class<?> body) {
    List<String> required =
        List.of(Headers.CE_SPECVERSION, Headers.CE_ID, Headers.CE_SOURCE, Headers.CE_TYPE);
    return message(name, schemas.of(body), headers(required, ON_EVENT));
  }

  /** Makes the message of a dead letter; returns its name. */
  String deadLetter(String name) {
    List<String> required = List.of(Headers.DLT_ORIGINAL_TOPIC, Headers.DLT_ORIGINAL_OFFSET);
    return message(
        name,
        Map.of("description", "The record as it was written."),
        headers(required, ON_DEAD_LETTER));
  }

  private String message(String name, Map<String, Object> payload, Map<String, Object> headers) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("name", name);
    if (!headers.isEmpty()) {
      message.put("headers", headers);
    }
    message.put("payload", payload);
    messages.put(name, message);
    return name;
  }

  private Map<String, Object> headers(List<String> required, String... tables) {
    Map<String, Object> members = new LinkedHashMap<>();
    Arrays.stream(tables)
        .map(wire::table)
        .forEach(table -> table.forEach((name, text) ->
            members.put(name, new TreeMap<>(Map.of("type", TEXT, "description", text)))));
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put("type", "object");
    headers.put("properties", members);
    headers.put("required", required);
    return headers;
  }

  private static Map<String, Object> correlation() {
    return Map.of("location", "$message.header#/" + Headers.REQUEST_ID);
  }

  private static Map<String, Object> object(@Nullable Object value) {
    return Tree.object(value);
  }
}
