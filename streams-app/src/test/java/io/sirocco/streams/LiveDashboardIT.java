package io.sirocco.streams;

import static io.sirocco.streams.TestUsage.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sirocco.streams.http.Browser;
import io.sirocco.streams.http.HttpSettings;
import io.sirocco.streams.topic.UsageTopics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** The dashboard of a running application in a real browser. */
@OnEmbeddedKafka
class LiveDashboardIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void numbersChangeAsRequestsFinishAndOneUserIsSaved(
      KafkaBroker broker, @TempDir Path folder, @TempDir Path downloads) throws Exception {
    Instant now = Instant.now();
    try (StreamsApp app = StreamsApp.start(StreamsSettings.builder(broker.bootstrapServers())
            .applicationId("live")
            .topics(new UsageTopics(4, (short) 1))
            .stateFolder(folder)
            .http(HttpSettings.LOCAL)
            .build());
        UsageSender sender = new UsageSender(broker)) {
      app.awaitRunning(LIMIT);
      URI dashboard = Objects.requireNonNull(app.dashboard());
      try (Browser browser = Browser.open(dashboard, downloads)) {
        browser.awaitText("requests", "0");

        sender.send(List.of(
            event(0, "ada", "breeze", now, 10, 4, 5), event(1, "bob", "breeze", now, 10, 4, 5)));
        browser.awaitText("requests", "2");
        sender.send(List.of(event(2, "ada", "breeze", now, 10, 4, 5)));
        browser.awaitText("requests", "3");

        await()
            .atMost(LIMIT)
            .until(() -> !browser
                .page()
                .findElements(By.cssSelector("#by-user button[data-key=ada]"))
                .isEmpty());
        browser
            .page()
            .executeScript("document.querySelector('#by-user button[data-key=ada]').click()");
        browser.awaitText("requests", "2");
        browser.page().findElement(By.id("csv")).click();
        Path csv = downloads.resolve("usage.csv");
        await().atMost(LIMIT).until(() -> Files.exists(csv));
        assertThat(Files.readString(csv, UTF_8)).contains(",ada,breeze,2,").doesNotContain("bob");
        browser.assertQuiet();
      }
    }
  }
}
