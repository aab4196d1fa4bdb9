package io.sirocco.checks;

import io.sirocco.contracts.model.ModelAnnouncement;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.request.ControlCommand;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.request.StreamLocation;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.Correction;
import io.sirocco.contracts.usage.PriceList;
import io.sirocco.contracts.usage.Receipt;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.WindowTotals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * The wire as an AsyncAPI document: topics and headers from docs/wire.md, bodies from the records.
 *
 * <p>Source: AsyncAPI 3.0, https://www.asyncapi.com/docs/reference/specification/v3.0.0.
 *
 * <p>Confined to one test.
 */
final class AsyncApiDocument {
  private final WireDocument wire = WireDocument.read();
  private final AsyncApiMessages messages = new AsyncApiMessages(wire);
  private final Map<String, Object> channels = new LinkedHashMap<>();
  private final Map<String, Object> operations = new LinkedHashMap<>();

  /** Returns the document as YAML. */
  String text() {
    requestsAndReplies();
    channel(
        "models",
        Topics.MODELS,
        "send",
        messages.underText("modelAnnouncement", ModelAnnouncement.class));
    channel(
        "control",
        Topics.CONTROL,
        "receive",
        messages.under("controlCommand", RequestKey.class, ControlCommand.class));
    channel(
        "streams",
        Topics.STREAMS,
        "send",
        messages.under("streamLocation", RequestKey.class, StreamLocation.class));
    channel("usage", Topics.USAGE, "send", messages.event("usageEvent", UsageEvent.class));
    channel("receipts", Topics.RECEIPTS, "receive", messages.event("receipt", Receipt.class));
    channel(
        "corrections",
        Topics.CORRECTIONS,
        "receive",
        messages.event("correction", Correction.class));
    channel("prices", Topics.PRICES, "receive", messages.underText("priceList", PriceList.class));
    channel(
        "usageByUser",
        Topics.USAGE_BY_USER,
        "send",
        messages.under("windowTotals", UsageKey.class, WindowTotals.class));
    channel(
        "usageDeadLetters",
        Topics.deadLetters(Topics.USAGE),
        "send",
        messages.deadLetter("usageDeadLetter"));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("asyncapi", "3.0.0");
    document.put("info", info());
    document.put("defaultContentType", "application/json");
    document.put("channels", channels);
    document.put("operations", operations);
    document.put("components", messages.components());
    return "# Generated from docs/wire.md and the records of contracts, and held against them by"
        + " AsyncApiTest.\n" + yaml(document);
  }

  private static Map<String, Object> info() {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("title", "Sirocco");
    info.put("version", "0.1.0");
    info.put(
        "description",
        "Chat completions over Kafka. One request has many records of answer: start, deltas, and one"
            + " end or error; AsyncAPI has no word for that, so `x-replies` says it. docs/wire.md has"
            + " the rule by which a reader decides which records count.");
    info.put("license", Map.of("name", "Apache-2.0"));
    return info;
  }

  private void requestsAndReplies() {
    String request = messages.request();
    String template = Topics.REQUESTS_PREFIX + "{model}";
    addChannel("requests", template, List.of(request), describe("chat.requests.<model>"));
    List<String> replies = new ArrayList<>();
    for (ReplyEvent event : ReplyEvent.values()) {
      replies.add(messages.reply(event));
    }
    addChannel("replies", null, replies, describe("chat.replies.<client>.<n>"));
    addChannel("sharedReplies", Topics.SHARED_REPLIES, replies, describe(Topics.SHARED_REPLIES));
    String dead = messages.deadLetter("requestDeadLetter");
    addChannel(
        "requestDeadLetters",
        template + Topics.DEAD_LETTER_SUFFIX,
        List.of(dead),
        describe("chat.requests.<model>-dlt"));
    operation("keepRequest", "send", "requestDeadLetters");
    operation("answer", "receive", "requests");
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("address", Map.of("location", "$message.header#/" + Headers.REPLY_TOPIC));
    reply.put("channel", Map.of("$ref", "#/channels/replies"));
    reply.put(
        "messages", replies.stream().map(name -> inChannel("replies", name)).toList());
    object(operations.get("answer")).put("reply", reply);
    object(operations.get("answer"))
        .put("x-replies", "many: start, delta ..., then one end or error");
  }

  private void channel(String name, String topic, String action, String message) {
    addChannel(name, topic, List.of(message), describe(topic));
    operation(action + Character.toUpperCase(name.charAt(0)) + name.substring(1), action, name);
  }

  private String describe(String topic) {
    String description = wire.topics().get(topic);
    if (description == null) {
      throw new AssertionError("expected topic " + topic + " in docs/wire.md, found none");
    }
    return description;
  }

  private void addChannel(String name, @Nullable String address, List<String> of, String what) {
    Map<String, Object> channel = new LinkedHashMap<>();
    channel.put("address", address);
    channel.put("description", what);
    if (address != null && address.contains("{model}")) {
      channel.put("parameters", Map.of("model", Map.of("description", "The name of the model.")));
    }
    Map<String, Object> own = new LinkedHashMap<>();
    of.forEach(message -> own.put(message, Map.of("$ref", "#/components/messages/" + message)));
    channel.put("messages", own);
    channels.put(name, channel);
  }

  private void operation(String name, String action, String channel) {
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("action", action);
    operation.put("channel", Map.of("$ref", "#/channels/" + channel));
    operations.put(name, operation);
  }

  private static Map<String, Object> inChannel(String channel, String message) {
    return Map.of("$ref", "#/channels/%s/messages/%s".formatted(channel, message));
  }

  private static Map<String, Object> object(@Nullable Object value) {
    return Tree.object(value);
  }

  private static String yaml(Map<String, Object> document) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setWidth(120);
    options.setSplitLines(false);
    return new Yaml(options).dump(ordered(document));
  }

  /** A copy, so that nothing is an alias; what has no order of its own is sorted. */
  private static @Nullable Object ordered(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<Object, @Nullable Object> copy =
          map instanceof LinkedHashMap ? new LinkedHashMap<>() : new TreeMap<>();
      map.forEach((name, member) -> copy.put(name, ordered(member)));
      return copy;
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> copy = new ArrayList<>();
      list.forEach(element -> copy.add(ordered(element)));
      return copy;
    }
    return value;
  }
}
