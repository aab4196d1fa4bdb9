package io.sirocco.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.topic.Topics;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code sirocco dlt}: the requests that could not be taken.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "dlt",
    mixinStandardHelpOptions = true,
    description = "List, show and replay dead letters: requests that could not be taken.")
final class DltCommand {
  private static final int LONGEST_REASON = 80;

  @Spec
  private @Nullable CommandSpec spec;

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "List the dead letters of a model, the oldest first.")
  int list(@Mixin BrokerOptions broker, @Mixin ModelName model) {
    TextTable table = new TextTable("place", "written", "from", "request id", "bytes", "reason");
    topic(broker, model)
        .forEach(letter -> table.row(
            letter.place(),
            Instant.ofEpochMilli(letter.stored().timestamp()).toString(),
            letter.origin(),
            letter.text(Headers.REQUEST_ID),
            Integer.toString(
                letter.stored().value() == null ? 0 : letter.stored().value().length),
            shortened(letter.reason())));
    table.print(out(), "no dead letters");
    return 0;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Show a dead letter: its headers, an empty line, and the request as it came.")
  int show(
      @Mixin BrokerOptions broker,
      @Mixin ModelName model,
      @Parameters(paramLabel = "PLACE", description = "As list says it: partition:offset.")
          String place) {
    DeadLetter letter = find(topic(broker, model), place);
    PrintWriter out = out();
    for (Header header : letter.stored().headers()) {
      out.println(header.key() + ": " + DeadLetter.text(header));
    }
    out.println();
    byte[] value = letter.stored().value();
    out.println(value == null ? "" : new String(value, UTF_8));
    out.flush();
    return 0;
  }

  @Command(
      name = "replay",
      mixinStandardHelpOptions = true,
      description = {
        "Write requests once more to the topic they come from, each under a new id, as the answer"
            + " under the old one has ended, and without its deadline.",
        "The dead letters stay where they are. None is written again if one of those that are named"
            + " does not hold its request."
      })
  int replay(
      @Mixin BrokerOptions broker,
      @Mixin ModelName model,
      @Option(
              names = "--reply-topic",
              paramLabel = "TOPIC",
              description =
                  "Where the answers are wanted (default: where they were wanted before).")
          @Nullable
          String replyTopic,
      @Parameters(
              arity = "1..*",
              paramLabel = "PLACE",
              description = "As list says it: partition:offset.")
          List<String> places)
      throws InterruptedException {
    if (replyTopic != null && !Topics.isLegal(replyTopic)) {
      throw wrong("--reply-topic: expected the name of a topic, found '" + replyTopic + "'");
    }
    DeadLetterTopic topic = topic(broker, model);
    List<Replay> replays = new ArrayList<>();
    for (String place : places) {
      String id = UUID.randomUUID().toString();
      try {
        replays.add(new Replay(place, id, find(topic, place).again(id, replyTopic)));
      } catch (IllegalArgumentException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }
    return send(broker, replays);
  }

  private record Replay(String place, String id, ProducerRecord<byte[], byte[]> request) {}

  private int send(BrokerOptions broker, List<Replay> replays) throws InterruptedException {
    Map<String, Object> properties = new HashMap<>(broker.clientProperties());
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BrokerOptions.PATIENCE.toMillis());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (Replay replay : replays) {
        producer.send(replay.request()).get();
        out()
            .println(replay.place() + " is now request " + replay.id() + " on "
                + replay.request().topic());
      }
      return 0;
    } catch (ExecutionException e) {
      Specs.require(spec)
          .commandLine()
          .getErr()
          .println("sirocco: the request could not be written: " + e.getCause());
      return 1;
    } finally {
      out().flush();
    }
  }

  private DeadLetter find(DeadLetterTopic topic, String place) {
    try {
      String[] parts = place.split(":", -1);
      if (parts.length == 2) {
        return topic
            .at(Integer.parseInt(parts[0]), Long.parseLong(parts[1]))
            .orElseThrow(() -> wrong(
                "expected a dead letter at " + place + " of " + topic.topic() + ", found none"));
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw wrong("expected a place such as 0:17, found '" + place + "'");
  }

  private static DeadLetterTopic topic(BrokerOptions broker, ModelName model) {
    return new DeadLetterTopic(
        broker.clientProperties(),
        Topics.deadLetters(Topics.requests(model.name())),
        BrokerOptions.PATIENCE);
  }

  /** A reason is one line of the table. */
  private static String shortened(String reason) {
    String line = reason.replaceAll("\\s+", " ");
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON - 3) + "...";
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Specs.require(spec).commandLine(), message);
  }

  private PrintWriter out() {
    return Specs.require(spec).commandLine().getOut();
  }

  /**
   * The option that says whose dead letters are meant.
   *
   * <p>Confined to the main thread.
   */
  static final class ModelName {
    @Option(
        names = "--model",
        required = true,
        paramLabel = "NAME",
        description = "The model, by the name it is served under.")
    private String name = "";

    String name() {
      return name;
    }
  }
}
