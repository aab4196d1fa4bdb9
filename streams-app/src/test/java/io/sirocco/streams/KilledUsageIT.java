package io.sirocco.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.topic.PriceWriter;
import io.sirocco.streams.topic.UsageReader;
import io.sirocco.streams.topic.UsageTopics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Usage is counted to the last digit by a process that is killed again and again while it counts. The
 * long form, {@code -Pkills}, sends 100,000 events and kills ten times.
 */
@OnEmbeddedKafka
class KilledUsageIT {
  private static final int EVENTS = Integer.getInteger("kills.events", 10_000);
  private static final int KILLS = Integer.getInteger("kills.kills", 3);
  private static final String APPLICATION = "killed-usage";
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @Test
  void totalsAreExactHoweverOftenTheApplicationIsKilled(KafkaBroker broker, @TempDir Path folder)
      throws Exception {
    Random random = new Random(9);
    Instant begin = Instant.now().minus(RandomUsage.SPAN).truncatedTo(ChronoUnit.HOURS);
    RandomUsage usage = RandomUsage.of(begin, EVENTS, random);
    List<UsageEvent> sent = usage.shuffledWithCopies(random);
    setPrices(broker, usage);
    Map<?, ?> expected = ReferenceTotals.of(usage.events(), usage.prices());

    UsageProcess process = start(broker, folder);
    try (UsageSender sender = new UsageSender(broker);
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      for (int kill = 0; kill <= KILLS; kill++) {
        int from = (int) ((long) sent.size() * kill / (KILLS + 1));
        int to = (int) ((long) sent.size() * (kill + 1) / (KILLS + 1));
        long before = committed(admin);
        sender.send(sent.subList(from, to));
        // It has begun with these: what it is in the middle of is taken back and done again.
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> {
          return committed(admin) > before;
        });
        if (kill < KILLS) {
          assertThat(process.isAlive()).isTrue();
          process.kill();
          process = start(broker, folder);
        }
      }
      UsageReader reader = new UsageReader(properties(broker));
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(500))
          .untilAsserted(() -> assertThat(ReferenceTotals.of(rows(reader))).isEqualTo(expected));
    } finally {
      process.close();
    }
  }

  private static UsageProcess start(KafkaBroker broker, Path folder) throws Exception {
    return UsageProcess.start(broker.bootstrapServers(), APPLICATION, folder);
  }

  private static List<WindowTotals> rows(UsageReader reader) {
    return reader.read(LIMIT);
  }

  /** How much of all its topics the application has done, in offsets. */
  private static long committed(Admin admin) throws Exception {
    try {
      return admin
          .listConsumerGroupOffsets(APPLICATION)
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(offset -> offset == null ? 0 : offset.offset())
          .sum();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return 0;
      }
      throw e;
    }
  }

  private static void setPrices(KafkaBroker broker, RandomUsage usage) {
    PriceWriter writer =
        new PriceWriter(properties(broker), new UsageTopics(4, (short) 1), new Random(1));
    usage.prices().values().forEach(prices -> {
      var unused = writer.setAll(prices, LIMIT);
    });
  }

  private static Map<String, String> properties(KafkaBroker broker) {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }
}
