package io.sirocco.streams;

import static io.sirocco.streams.TestUsage.event;
import static io.sirocco.streams.TestUsage.price;
import static io.sirocco.streams.TestUsage.usd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.sirocco.contracts.usage.PriceList;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.query.UsageQueries;
import io.sirocco.streams.query.UsageUnavailableException;
import io.sirocco.streams.topic.PriceWriter;
import io.sirocco.streams.topic.UsageReader;
import io.sirocco.streams.topic.UsageTopics;
import io.sirocco.testkit.KafkaBroker;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the application does on a real broker, in any group protocol. */
abstract class UsageAppContract {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final UsageTopics TOPICS = new UsageTopics(4, (short) 1);
  private static final Instant ALWAYS = Instant.parse("2020-01-01T00:00:00Z");

  private final GroupProtocol protocol;

  UsageAppContract(GroupProtocol protocol) {
    this.protocol = protocol;
  }

  @Test
  void totalsOutliveARestartAndTheLossOfTheStores(KafkaBroker broker, @TempDir Path folder)
      throws IOException {
    Instant begin = Instant.now().minus(RandomUsage.SPAN).truncatedTo(ChronoUnit.MILLIS);
    Random random = new Random(1);
    RandomUsage usage = RandomUsage.of(begin, 600, random);
    setPrices(broker, usage);
    List<UsageEvent> sent = usage.shuffledWithCopies(random);
    List<UsageEvent> early = sent.subList(0, sent.size() / 2);
    List<UsageEvent> late = sent.subList(sent.size() / 2, sent.size());
    var expected = ReferenceTotals.of(usage.events(), usage.prices());

    try (StreamsApp app = start(broker, folder)) {
      app.awaitRunning(LIMIT);
      send(broker, early);
      awaitTotals(broker, ReferenceTotals.of(List.copyOf(unique(early)), usage.prices()));
    }
    send(broker, late);
    try (StreamsApp app = start(broker, folder)) {
      awaitTotals(broker, expected);
      assertThat(stored(app)).isEqualTo(expected);
    }
    remove(folder);
    send(broker, early);
    try (StreamsApp app = start(broker, folder)) {
      app.awaitRunning(LIMIT);
      // Events that come after the copies; when they are counted, the copies were looked at.
      List<UsageEvent> last = new ArrayList<>();
      for (int user = 0; user < 7; user++) {
        last.add(event(1000 + user, "u" + user, "m0", begin, 1, 0, 1));
      }
      send(broker, last);
      List<UsageEvent> all = new ArrayList<>(usage.events());
      all.addAll(last);
      awaitTotals(broker, ReferenceTotals.of(all, usage.prices()));
      assertThat(stored(app)).isEqualTo(ReferenceTotals.of(all, usage.prices()));
    }
  }

  @Test
  void questionsFindTheirUserTheirModelAndTheirTime(KafkaBroker broker, @TempDir Path folder) {
    Instant hour = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(5, ChronoUnit.HOURS);
    writer(broker).set(price("query", ALWAYS, "1", "1", "1"), LIMIT);
    send(
        broker,
        List.of(
            event(0, "ann", "query", hour, 1, 0, 0),
            event(1, "ann", "query", hour.plus(2, ChronoUnit.HOURS), 2, 0, 0),
            event(2, "ann", "query", hour.plus(3, ChronoUnit.HOURS), 4, 0, 0),
            event(0, "ann", "query.two", hour, 8, 0, 0),
            event(3, "anna", "query", hour, 16, 0, 0)));

    try (StreamsApp app = start(broker, folder)) {
      app.awaitRunning(LIMIT);
      UsageQueries usage = app.usage();
      Instant end = hour.plus(3, ChronoUnit.HOURS);
      await()
          .atMost(LIMIT)
          .until(() -> usage.ofUser("anna", WindowSize.HOUR, hour, end).size() == 1);

      await()
          .atMost(LIMIT)
          .until(() -> usage.ofUser("ann", WindowSize.HOUR, hour, end).size() == 3);
      assertThat(usage.ofUser("ann", WindowSize.HOUR, hour, end))
          .extracting(row -> row.totals().promptTokens())
          .containsExactly(1L, 8L, 2L);
      assertThat(UsageQueries.sum(usage.ofUser("ann", WindowSize.HOUR, Instant.EPOCH, Instant.MAX)))
          .isEqualTo(new UsageTotals(4, 0, 15, 0, 0, 1, 8, List.of(usd("0.000007")), Map.of()));
      assertThat(usage.ofModel("query", WindowSize.HOUR, hour, hour.plusMillis(1)))
          .extracting(WindowTotals::user)
          .containsExactlyInAnyOrder("ann", "anna");
      assertThat(usage.ofUser("an", WindowSize.DAY, Instant.EPOCH, Instant.MAX)).isEmpty();
      assertThat(UsageQueries.sum(usage.ofUser("ann", WindowSize.DAY, Instant.EPOCH, Instant.MAX)))
          .isEqualTo(
              UsageQueries.sum(usage.ofUser("ann", WindowSize.HOUR, Instant.EPOCH, Instant.MAX)));
    }
  }

  @Test
  void unavailableStoresAreSaidToBeAndTemporaryOnesAreRemoved(KafkaBroker broker)
      throws IOException {
    Set<Path> before = temporaryFolders();
    StreamsApp app = startUnavailable(broker);
    Set<Path> made = difference(temporaryFolders(), before);

    app.awaitRunning(LIMIT);
    assertThat(app.failure()).isNotDone();
    assertThat(made).isNotEmpty();

    app.close();
    app.close();

    assertThat(made).anySatisfy(folder -> assertThat(folder).doesNotExist());
    assertThatThrownBy(() -> app.usage().ofAll(WindowSize.DAY, Instant.EPOCH, Instant.MAX))
        .isInstanceOf(UsageUnavailableException.class)
        .hasMessage("the usage application does not run");
  }

  /** Starts one that is asked before it runs, which a slow machine may take several starts for. */
  private StreamsApp startUnavailable(KafkaBroker broker) {
    for (int attempt = 0; attempt < 5; attempt++) {
      StreamsApp app = start(broker, null);
      Throwable early =
          catchThrowable(() -> app.usage().ofAll(WindowSize.DAY, Instant.EPOCH, Instant.MAX));
      if (early != null) {
        assertThat(early)
            .isInstanceOf(UsageUnavailableException.class)
            .hasMessage("the totals are being restored; ask again in a moment");
        return app;
      }
      app.close();
    }
    throw new AssertionError("expected totals that are being restored, found them at once");
  }

  private StreamsApp start(KafkaBroker broker, @Nullable Path folder) {
    return StreamsApp.start(StreamsSettings.builder(broker.bootstrapServers())
        .topics(TOPICS)
        .stateFolder(folder)
        .groupProtocol(protocol)
        .build());
  }

  private static void send(KafkaBroker broker, Collection<UsageEvent> events) {
    try (UsageSender sender = new UsageSender(broker)) {
      sender.send(events);
    }
  }

  private static PriceWriter writer(KafkaBroker broker) {
    return new PriceWriter(properties(broker), TOPICS, new Random(1));
  }

  private static void setPrices(KafkaBroker broker, RandomUsage usage) {
    usage.prices().values().forEach(prices -> {
      PriceList last = null;
      for (var price : prices) {
        last = writer(broker).set(price, LIMIT);
      }
      assertThat(last).isEqualTo(new PriceList(prices));
    });
  }

  /** Of the users of {@link RandomUsage}; others are those of other tests. */
  private static void awaitTotals(
      KafkaBroker broker, Map<?, ? extends Map<String, BigDecimal>> expected) {
    UsageReader reader = new UsageReader(properties(broker));
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() ->
            assertThat(ReferenceTotals.of(ofRandomUsers(reader.read(LIMIT)))).isEqualTo(expected));
  }

  private static Map<?, ? extends Map<String, BigDecimal>> stored(StreamsApp app) {
    List<WindowTotals> rows = new ArrayList<>();
    for (WindowSize window : WindowSize.KEPT) {
      rows.addAll(app.usage().ofAll(window, Instant.EPOCH, Instant.MAX));
    }
    return ReferenceTotals.of(ofRandomUsers(rows));
  }

  private static List<WindowTotals> ofRandomUsers(List<WindowTotals> rows) {
    return rows.stream().filter(row -> row.user().matches("u[0-9]")).toList();
  }

  private static Collection<UsageEvent> unique(List<UsageEvent> events) {
    return events.stream()
        .collect(Collectors.toMap(UsageEvent::id, event -> event, (a, b) -> a))
        .values();
  }

  private static Map<String, String> properties(KafkaBroker broker) {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  private static Set<Path> temporaryFolders() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("sirocco-streams-"))
          .collect(Collectors.toSet());
    }
  }

  private static Set<Path> difference(Set<Path> all, Set<Path> others) {
    return all.stream().filter(file -> !others.contains(file)).collect(Collectors.toSet());
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
