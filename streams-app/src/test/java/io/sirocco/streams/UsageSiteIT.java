package io.sirocco.streams;

import static io.sirocco.streams.TestUsage.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.streams.http.HttpSettings;
import io.sirocco.streams.report.UsageReport;
import io.sirocco.streams.topic.UsageTopics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances that share the partitions, asked over HTTP. */
@OnEmbeddedKafka
class UsageSiteIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int USERS = 20;

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void anyInstanceKnowsEveryUser(KafkaBroker broker, @TempDir Path folder) throws Exception {
    try (StreamsApp one = start(broker, folder.resolve("one"));
        StreamsApp two = start(broker, folder.resolve("two"))) {
      one.awaitRunning(LIMIT);
      two.awaitRunning(LIMIT);
      Instant now = Instant.now();
      List<UsageEvent> events = new ArrayList<>();
      for (int i = 0; i < USERS; i++) {
        events.add(event(i, "site-" + i, "site", now, 1, 0, 1));
      }
      try (UsageSender sender = new UsageSender(broker)) {
        sender.send(events);
      }

      for (StreamsApp app : List.of(one, two)) {
        await()
            .atMost(LIMIT)
            .pollInterval(Duration.ofMillis(300))
            .untilAsserted(
                () -> assertThat(ask(app, "model=site").total().requests()).isEqualTo(USERS));
        for (int i = 0; i < USERS; i++) {
          assertThat(ask(app, "user=site-" + i).total().requests()).isEqualTo(1);
        }
      }
      // Else nobody had to ask anybody.
      assertThat(List.of(one, two))
          .allSatisfy(app -> assertThat(app.usage()
                  .ofModel("site", WindowSize.DAY, now.minusSeconds(86_400), now)
                  .size())
              .isBetween(1, USERS - 1));
    }
  }

  private UsageReport ask(StreamsApp app, String question) throws Exception {
    URI dashboard = app.dashboard();
    if (dashboard == null) {
      throw new AssertionError("expected a dashboard");
    }
    HttpResponse<String> answer = client.send(
        HttpRequest.newBuilder(dashboard.resolve("api/v1/usage?" + question)).build(),
        HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonCodec().read(answer.body(), UsageReport.class);
  }

  private static StreamsApp start(KafkaBroker broker, Path folder) {
    return StreamsApp.start(StreamsSettings.builder(broker.bootstrapServers())
        .applicationId("usage-site")
        .topics(new UsageTopics(4, (short) 1))
        .stateFolder(folder)
        .http(HttpSettings.LOCAL)
        .build());
  }
}
