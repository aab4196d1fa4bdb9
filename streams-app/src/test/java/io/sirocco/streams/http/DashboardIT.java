package io.sirocco.streams.http;

import static io.sirocco.streams.TestUsage.event;
import static io.sirocco.streams.TestUsage.usd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.InMemoryUsage;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.query.LatencyCount;
import io.sirocco.streams.query.RequestsQuestion;
import io.sirocco.streams.query.TimeQuestion;
import io.sirocco.streams.query.UsageQuestion;
import io.sirocco.streams.query.UsageSource;
import io.sirocco.streams.reconciliation.Reconciliation;
import io.sirocco.streams.report.UsageReports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The dashboard in a real browser, with usage that a test makes up. Pictures go to target. */
class DashboardIT {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Path PICTURES = Path.of("target", "pictures");
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String MARKUP = "<img src=x onerror=alert(1)>";

  private final AtomicLong counted = new AtomicLong();
  private final ChangingUsage usage = new ChangingUsage();
  private @Nullable UsageServer server;
  private @Nullable ChromeDriver browser;

  @BeforeEach
  void open() {
    assumeTrue(
        Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
        "chromium and chromium-driver were not found: the browser test is skipped");
    server = UsageServer.open(HttpSettings.LOCAL);
    server.serve(usage, new UsageReports(usage, Map::of), counted::get);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.WARNING);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toString());
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1440,1700");
    options.setCapability("goog:loggingPrefs", logs);
    browser = new ChromeDriver(
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build(), options);
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.quit();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void emptyDatabaseIsShownAsNothing() throws IOException {
    ChromeDriver page = load();

    awaitText(page, "requests", "0");
    assertThat(page.findElement(By.id("by-user")).getText()).contains("nobody yet");
    picture(page, "empty");
    assertQuiet(page);
  }

  @Test
  void numbersChangeAsRequestsFinishAndUsersAreText() throws IOException {
    ChromeDriver page = load();
    awaitText(page, "requests", "0");

    Instant now = Instant.now();
    usage.now = new InMemoryUsage(
        new PricedUsage(event(0, "ada", "breeze", now, 10, 4, 5), usd("0.25")),
        new PricedUsage(event(1, MARKUP, "breeze", now, 10, 4, 5), usd("0.5")),
        new PricedUsage(event(2, "ada", "gale", now, 10, 4, 5, "server_error"), null));
    counted.set(3);

    awaitText(page, "requests", "3");
    assertThat(page.findElement(By.id("by-user")).getText()).contains(MARKUP);
    assertThat(page.findElement(By.id("month")).getText()).contains("0.7500", "UNPRICED");
    assertThat(page.findElement(By.id("unpriced")).getText()).contains("gale");
    assertThat(page.findElement(By.id("failures")).getText()).contains("server_error");
    picture(page, "usage");
    assertQuiet(page);
  }

  @Test
  void userIsChosenByKeyboard() {
    Instant now = Instant.now();
    usage.now = new InMemoryUsage(
        new PricedUsage(event(0, "ada", "breeze", now, 10, 4, 5), usd("0.25")),
        new PricedUsage(event(1, "bob", "breeze", now, 10, 4, 5), usd("0.5")));
    ChromeDriver page = load();
    awaitText(page, "requests", "2");

    page.findElement(By.cssSelector("#by-user button[data-key=ada]")).sendKeys(Keys.ENTER);

    awaitText(page, "requests", "1");
    WebElement user = page.findElement(By.id("user"));
    assertThat(user.getDomProperty("value")).isEqualTo("ada");
    assertThat(page.findElement(By.id("last")).getText()).contains("USD 0.2500");
    assertQuiet(page);
  }

  private ChromeDriver load() {
    if (browser == null || server == null) {
      throw new AssertionError("expected a browser and a server");
    }
    browser.get(server.address().toString());
    return browser;
  }

  private static void awaitText(ChromeDriver page, String id, String text) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(page.findElement(By.id(id)).getText()).isEqualTo(text));
  }

  /** No error was said, and no other host was asked. */
  private static void assertQuiet(ChromeDriver page) {
    assertThat(page.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
    assertThat(page.manage().logs().get(LogType.PERFORMANCE).getAll())
        .extracting(LogEntry::getMessage)
        .filteredOn(message -> message.contains("\"Network.requestWillBeSent\""))
        .isNotEmpty()
        .allMatch(message ->
            message.contains("\"url\":\"http://127.0.0.1:") || message.contains("\"url\":\"data:"));
  }

  private static void picture(ChromeDriver page, String name) throws IOException {
    Files.createDirectories(PICTURES);
    Files.write(PICTURES.resolve(name + ".png"), page.getScreenshotAs(OutputType.BYTES));
  }

  /** Usage that the test replaces. Thread-safe. */
  private static final class ChangingUsage implements UsageSource {
    volatile InMemoryUsage now = new InMemoryUsage();

    @Override
    public List<WindowTotals> totals(UsageQuestion question) {
      return now.totals(question);
    }

    @Override
    public List<LatencyCount> latency(UsageQuestion question) {
      return now.latency(question);
    }

    @Override
    public List<PricedUsage> requests(RequestsQuestion question) {
      return now.requests(question);
    }

    @Override
    public Reconciliation reconciliation(TimeQuestion question) {
      return now.reconciliation(question);
    }
  }
}
