package io.sirocco.embedded.doctor;

import io.sirocco.contracts.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes a topic, writes one record to it, and deletes it, as a client does for each answer of its own; the
 * broker's timestamp of the record tells its clock. Its name is that of a reply topic, so that the rights
 * of clients are tried, and the janitor deletes it should this process die.
 *
 * <p>Confined to the main thread.
 *
 * @param admin makes and deletes it
 * @param client what Kafka's clients need to connect
 * @param name the part of its name that is unique
 * @param clock of this machine
 */
record ThrowAwayTopic(Admin admin, Map<String, String> client, String name, InstantSource clock) {
  private static final double SLOW_MILLIS = 250;
  private static final long SKEW_MILLIS = 1000;

  /** Returns what was measured. */
  List<Finding> measure(KafkaCommands commands) throws InterruptedException {
    String topic = Topics.replies(name, 0);
    List<Finding> findings = new ArrayList<>();
    try {
      double made = millis(() -> Answers.get(admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())
              .configs(Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"))))
          .all()));
      findings.add(speed("createTopics", made));
    } catch (KafkaException e) {
      findings.add(Finding.warn(
          "createTopics",
          String.valueOf(e.getMessage()),
          "a topic to be made: clients with topics of their own do so",
          commands.allow(
                  "Create --operation Write --operation Delete",
                  "--resource-pattern-type prefixed --topic " + Topics.REPLIES_PREFIX)
              + ", or reply topics of mode shared"));
      return findings;
    }
    try {
      findings.add(written(topic));
    } finally {
      findings.add(deleted(topic, commands));
    }
    return findings;
  }

  private Finding written(String topic) throws InterruptedException {
    Map<String, Object> properties = new HashMap<>(client);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, new byte[1])).get(); // The first also connects.
      long before = clock.millis();
      long written =
          producer.send(new ProducerRecord<>(topic, new byte[1])).get().timestamp();
      long after = clock.millis();
      return clocks(before, written, after);
    } catch (ExecutionException | KafkaException e) {
      return Finding.warn(
          "clock",
          "unknown, as the record was not taken: " + e.getMessage(),
          "a record to be taken within 10 s",
          "look at the brokers' logs");
    }
  }

  /** The broker stamped the record between the two looks at the clock here, if both are right. */
  static Finding clocks(long before, long written, long after) {
    long ahead = written < before ? written - before : Math.max(0, written - after);
    return Finding.of(
        Math.abs(ahead) > SKEW_MILLIS ? Status.WARN : Status.OK,
        "clock",
        "the broker's is %d ms ahead, give or take %d ms".formatted(ahead, after - before),
        "at most %d ms apart: deadlines, latencies and prices go by the time of records"
            .formatted(SKEW_MILLIS),
        "let NTP set the clocks of both machines: timedatectl set-ntp true");
  }

  private Finding deleted(String topic, KafkaCommands commands) throws InterruptedException {
    try {
      return speed(
          "deleteTopics",
          millis(() -> Answers.get(admin.deleteTopics(List.of(topic)).all())));
    } catch (KafkaException e) {
      return Finding.warn(
          "deleteTopics",
          String.valueOf(e.getMessage()),
          "the topic %s to be deleted, as the janitor does with those of crashed clients"
              .formatted(topic),
          commands.allow(
              "Delete", "--resource-pattern-type prefixed --topic " + Topics.REPLIES_PREFIX));
    }
  }

  private static Finding speed(String subject, double millis) {
    return Finding.of(
        millis > SLOW_MILLIS ? Status.WARN : Status.OK,
        subject,
        String.format(Locale.ROOT, "%.1f ms", millis),
        String.format(
            Locale.ROOT,
            "at most %.0f ms: a client with a topic for each answer waits",
            SLOW_MILLIS),
        "reply topics of mode pool or shared; on a cluster of your own also"
            + " controller.quorum.append.linger.ms=0");
  }

  private interface Call {
    void run() throws InterruptedException;
  }

  private static double millis(Call call) throws InterruptedException {
    long begun = System.nanoTime();
    call.run();
    return Duration.ofNanos(System.nanoTime() - begun).toNanos() / 1e6;
  }
}
