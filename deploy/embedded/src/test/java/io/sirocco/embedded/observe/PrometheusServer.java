package io.sirocco.embedded.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Prometheus, as Debian has it, that scrapes every second.
 *
 * <p>Thread-safe.
 */
public final class PrometheusServer implements AutoCloseable {
  private final Process process;
  private final URI address;
  private final HttpClient http = HttpClient.newHttpClient();

  private PrometheusServer(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** Whether there is one on this machine. */
  public static boolean isInstalled() {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder, "prometheus"))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Starts one.
   *
   * @param folder where it keeps what it needs
   * @param rules the files of rules
   * @param targets what is scraped, by the name of the job
   */
  public static PrometheusServer start(Path folder, List<Path> rules, Map<String, URI> targets)
      throws IOException {
    Path config = Files.writeString(folder.resolve("prometheus.yml"), config(rules, targets));
    int port = freePort();
    Process process = new ProcessBuilder(
            "prometheus",
            "--config.file=" + config,
            "--storage.tsdb.path=" + folder.resolve("samples"),
            "--web.listen-address=127.0.0.1:" + port,
            "--log.level=warn")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("prometheus.log").toFile())
        .start();
    return new PrometheusServer(process, URI.create("http://127.0.0.1:" + port));
  }

  private static String config(List<Path> rules, Map<String, URI> targets) {
    String files = rules.stream()
        .map(file -> "  - " + file.toAbsolutePath() + "\n")
        .collect(Collectors.joining());
    String jobs = targets.entrySet().stream()
        .map(target -> """
              - job_name: %s
                static_configs:
                  - targets: ["%s"]
            """.formatted(target.getKey(), target.getValue().getAuthority()))
        .collect(Collectors.joining());
    return "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  evaluation_interval: 1s\n"
        + "rule_files:\n" + files + "scrape_configs:\n" + jobs;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The values of a label among the samples that {@code query} finds; none until it answers. */
  public Set<String> labels(String query, String label) {
    Set<String> values = new TreeSet<>();
    for (Object sample :
        list(get("/api/v1/query?query=" + URLEncoder.encode(query, UTF_8)), "result")) {
      values.add(String.valueOf(map(map(sample).get("metric")).get(label)));
    }
    return values;
  }

  /** What every rule says of itself: {@code ok} where it was evaluated without a fault. */
  public List<String> rulesHealth() {
    List<String> health = new ArrayList<>();
    for (Object group : list(get("/api/v1/rules"), "groups")) {
      for (Object rule : list(map(group), "rules")) {
        health.add(String.valueOf(map(rule).get("health")));
      }
    }
    return health;
  }

  private Map<?, ?> get(String path) {
    try {
      String body = http.send(
              HttpRequest.newBuilder(address.resolve(path)).build(), BodyHandlers.ofString())
          .body();
      return map(new JsonCodec().read(body, Map.class).get("data"));
    } catch (IOException | MalformedJsonException e) {
      return Map.of(); // It is starting.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> members ? members : Map.of();
  }

  private static List<?> list(Map<?, ?> of, String member) {
    return of.get(member) instanceof List<?> elements ? elements : List.of();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join(); // Its folder is removed next.
  }
}
