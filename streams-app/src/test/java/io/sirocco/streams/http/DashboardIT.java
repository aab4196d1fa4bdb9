package io.sirocco.streams.http;

import static io.sirocco.streams.TestUsage.event;
import static io.sirocco.streams.TestUsage.receipt;
import static io.sirocco.streams.TestUsage.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.InMemoryUsage;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.query.LatencyCount;
import io.sirocco.streams.query.RequestsQuestion;
import io.sirocco.streams.query.TimeQuestion;
import io.sirocco.streams.query.UsageQuestion;
import io.sirocco.streams.query.UsageSource;
import io.sirocco.streams.reconciliation.Claim;
import io.sirocco.streams.reconciliation.Claims;
import io.sirocco.streams.reconciliation.Reconciliation;
import io.sirocco.streams.report.UsageReports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/** The dashboard in a real browser, with usage that a test makes up. */
class DashboardIT {
  private static final String MARKUP = "<img src=x onerror=alert(1)>";

  private final AtomicLong counted = new AtomicLong();
  private final ChangingUsage usage = new ChangingUsage();
  private @Nullable UsageServer server;
  private @Nullable Browser browser;

  @TempDir
  private Path downloads;

  @BeforeEach
  void open() {
    server = UsageServer.open(HttpSettings.LOCAL);
    server.serve(usage, new UsageReports(usage, Map::of), counted::get);
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void emptyDatabaseIsShownAsNothing() throws IOException {
    Browser browser = load();
    ChromeDriver page = browser.page();

    browser.awaitText("requests", "0");
    assertThat(page.findElement(By.id("by-user")).getText()).contains("nobody yet");
    browser.picture("empty");
    browser.assertQuiet();
  }

  @Test
  void numbersChangeAsRequestsFinishAndUsersAreText() throws IOException {
    Browser browser = load();
    ChromeDriver page = browser.page();
    browser.awaitText("requests", "0");

    Instant now = Instant.now();
    usage.now = new InMemoryUsage(
        new PricedUsage(event(0, "ada", "breeze", now, 10, 4, 5), usd("0.25")),
        new PricedUsage(event(1, MARKUP, "breeze", now, 10, 4, 5), usd("0.5")),
        new PricedUsage(event(2, "ada", "gale", now, 10, 4, 5, "server_error"), null));
    counted.set(3);

    browser.awaitText("requests", "3");
    assertThat(page.findElement(By.id("by-user")).getText()).contains(MARKUP);
    assertThat(page.findElement(By.id("month")).getText()).contains("0.7500", "UNPRICED");
    assertThat(page.findElement(By.id("unpriced")).getText()).contains("gale");
    assertThat(page.findElement(By.id("failures")).getText()).contains("server_error");
    browser.picture("usage");
    browser.assertQuiet();
  }

  @Test
  void rowsThatDidNotChangeStayAndTheClockIsNotReadOut() {
    Instant now = Instant.now();
    PricedUsage first = new PricedUsage(event(0, "ada", "breeze", now, 10, 4, 5), usd("0.5"));
    usage.now = new InMemoryUsage(first);
    Browser browser = load();
    ChromeDriver page = browser.page();
    browser.awaitText("requests", "1");
    WebElement row = page.findElement(By.cssSelector("#latency tr:nth-child(2)"));
    assertThat(row.getText()).startsWith("breeze");

    usage.now = new InMemoryUsage(
        first, new PricedUsage(event(1, "bob", "a-model", now, 10, 4, 5), usd("0.5")));
    counted.set(2);

    browser.awaitText("requests", "2");
    browser.awaitText("said", "live");
    assertThat(page.findElements(By.cssSelector("#latency tr"))).hasSize(3);
    assertThat(page.findElement(By.cssSelector("#latency tr:nth-child(3)"))).isEqualTo(row);
    assertThat(page.findElements(By.cssSelector("[role=status] #clock"))).isEmpty();
    assertThat(page.findElement(By.id("clock")).getText()).matches("· \\d\\d:\\d\\d:\\d\\d");
    browser.assertQuiet();
  }

  @Test
  void userIsChosenByKeyboard() {
    Instant now = Instant.now();
    usage.now = new InMemoryUsage(
        new PricedUsage(event(0, "ada", "breeze", now, 10, 4, 5), usd("0.25")),
        new PricedUsage(event(1, "bob", "breeze", now, 10, 4, 5), usd("0.5")));
    Browser browser = load();
    ChromeDriver page = browser.page();
    browser.awaitText("requests", "2");

    page.findElement(By.cssSelector("#by-user button[data-key=ada]")).sendKeys(Keys.ENTER);

    browser.awaitText("requests", "1");
    WebElement user = page.findElement(By.id("user"));
    assertThat(user.getDomProperty("value")).isEqualTo("ada");
    assertThat(page.findElement(By.id("last")).getText()).contains("USD 0.2500");
    browser.assertQuiet();
  }

  @Test
  void barsAreOfOneCurrency() {
    Instant now = Instant.now();
    usage.now = new InMemoryUsage(
        new PricedUsage(event(0, "ada", "breeze", now, 10, 4, 5), eur("3")),
        new PricedUsage(event(1, "bob", "breeze", now, 10, 4, 5), eur("1")),
        new PricedUsage(event(2, "cem", "gale", now, 10, 4, 5), usd("900")));
    Browser browser = load();
    browser.awaitText("requests", "3");

    assertThat(browser.page().findElements(By.cssSelector("#by-user progress")))
        .extracting(bar -> bar.getDomAttribute("title"))
        .containsExactly("75.0 %", "25.0 %", "0.0 %");
    assertThat(browser.page().findElements(By.cssSelector("#by-model progress")))
        .extracting(bar -> bar.getDomAttribute("title"))
        .containsExactly("100.0 %", "0.0 %");
    browser.assertQuiet();
  }

  @Test
  void differenceIsShownInRed() throws IOException {
    UsageEvent bill = event(0, "ada", "breeze", Instant.now(), 10, 4, 5);
    Claims claims = Claims.NONE.withBill(Claim.of(bill)).withReceipt(Claim.of(receipt(bill, 3)));
    usage.now = new InMemoryUsage(List.of(new PricedUsage(bill, usd("0.25"))), claims);
    Browser browser = load();
    browser.awaitText("requests", "1");

    WebElement panel = browser.page().findElement(By.id("reconciliation-panel"));
    assertThat(panel.getDomAttribute("class")).contains("bad");
    assertThat(panel.getText()).contains("differing 1", "ada", "r-1");
    browser.picture("difference");
    browser.assertQuiet();
  }

  @Test
  void monthOfFiftyUsersIsToBeLookedAt() throws IOException {
    Random random = new Random(50);
    List<PricedUsage> month = new ArrayList<>();
    Claims claims = Claims.NONE;
    long now = System.currentTimeMillis();
    for (int i = 0; i < 6000; i++) {
      double share = random.nextDouble();
      int user = (int) (50 * share * share);
      Instant ended = Instant.ofEpochMilli(
          now - (long) (random.nextDouble() * Duration.ofDays(29).toMillis()));
      int prompt = 40 + random.nextInt(4000);
      int completion = random.nextInt(900);
      String model = List.of("breeze-7b", "gale-8x7b-instruct", "mistral-small").get(user % 3);
      String outcome = random.nextInt(40) == 0 ? "server_error" : "stop";
      UsageEvent event = event(
          i, "user-%02d".formatted(user), model, ended, prompt, prompt / 3, completion, outcome);
      month.add(new PricedUsage(event, usd("0.0" + (1000 + prompt + 4 * completion))));
      if (i < 40) {
        claims = claims.withBill(Claim.of(event));
        claims = i % 8 == 0 ? claims : claims.withReceipt(Claim.of(receipt(event)));
      }
    }
    usage.now = new InMemoryUsage(month, claims);
    Browser browser = load();
    browser.awaitText("requests", "6,000");

    browser.pictures("month");
    browser.assertQuiet();
  }

  private static Money eur(String amount) {
    return new Money("EUR", Decimal.of(amount));
  }

  private Browser load() {
    if (server == null) {
      throw new AssertionError("expected a server");
    }
    Browser opened = Browser.open(server.address(), downloads);
    browser = opened;
    return opened;
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
