package io.sirocco.streams.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Chromium without a window. Pictures go to target.
 *
 * <p>Confined to the test's thread.
 */
public final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Path PICTURES = Path.of("target", "pictures");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /**
   * Opens a page; without Chromium the test is skipped. What is saved goes to {@code downloads}, as does
   * what the browser leaves.
   */
  public static Browser open(URI page, Path downloads) {
    assumeTrue(
        Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
        "chromium and chromium-driver were not found: the browser test is skipped");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.WARNING);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toString());
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1440,1700");
    options.setCapability("goog:loggingPrefs", logs);
    options.setExperimentalOption(
        "prefs", Map.of("download.default_directory", downloads.toAbsolutePath().toString()));
    ChromeDriverService service = new ChromeDriverService.Builder()
        .usingDriverExecutable(DRIVER.toFile())
        .withEnvironment(Map.of("TMPDIR", downloads.toString())) // It leaves folders behind.
        .build();
    Browser browser = new Browser(new ChromeDriver(service, options));
    browser.driver.get(page.toString());
    return browser;
  }

  public ChromeDriver page() {
    return driver;
  }

  public void awaitText(String id, String text) {
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(driver.findElement(By.id(id)).getText()).isEqualTo(text));
  }

  /** No error was said, and no other host was asked. */
  public void assertQuiet() {
    assertThat(driver.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
    assertThat(driver.manage().logs().get(LogType.PERFORMANCE).getAll())
        .extracting(LogEntry::getMessage)
        .filteredOn(message -> message.contains("\"Network.requestWillBeSent\""))
        .isNotEmpty()
        .allMatch(message -> message.contains("\"url\":\"http://127.0.0.1:")
            || message.contains("\"url\":\"blob:http://127.0.0.1:")
            || message.contains("\"url\":\"data:"));
  }

  /** Takes pictures of the whole page as it is on wide and on narrow screens, by day and by night. */
  public void pictures(String name) throws IOException {
    for (int width : List.of(1440, 360)) {
      for (String scheme : List.of("light", "dark")) {
        driver.executeCdpCommand(
            "Emulation.setEmulatedMedia",
            Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride", metrics(width, 1000));
        Number height = (Number) driver.executeScript("return document.body.scrollHeight + 40");
        driver.executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            metrics(width, height == null ? 1000 : height.intValue()));
        // Some frames later, what was laid out anew is drawn.
        var unused = driver.executeAsyncScript(
            "const done = arguments[0];"
                + "requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))");
        picture(name + "-" + width + "-" + scheme);
      }
    }
  }

  private static Map<String, Object> metrics(int width, int height) {
    return Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false);
  }

  /** Takes one picture. */
  public void picture(String name) throws IOException {
    Files.createDirectories(PICTURES);
    Files.write(PICTURES.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
