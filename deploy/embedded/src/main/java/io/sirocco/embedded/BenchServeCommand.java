package io.sirocco.embedded;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.embedded.load.HttpTarget;
import io.sirocco.embedded.load.KafkaTarget;
import io.sirocco.embedded.load.Lengths;
import io.sirocco.embedded.load.Load;
import io.sirocco.embedded.load.LoadReport;
import io.sirocco.embedded.load.LoadRun;
import io.sirocco.embedded.load.Quantiles;
import io.sirocco.embedded.load.Questions;
import io.sirocco.embedded.load.StepReport;
import io.sirocco.embedded.load.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code sirocco bench serve}: how long people wait for a running system, under one load after the
 * other.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Put load on a running system, and measure how long its answers take.",
    footer = {
      "",
      "LENGTHS is 64, or 16-256 (evenly spread), or ~64 (exponentially, of that mean). With --rate,",
      "requests come at random, as a Poisson process, whether others are answered or not; a time",
      "begins when a request was due. Prompts are random words; answers do not end before their",
      "length. Between tokens: from one piece of text to the next, as they reach the reader.",
      "One request that is not counted comes first.",
      "",
      "Examples:",
      "  sirocco bench serve --url http://127.0.0.1:8080/v1 --concurrency 1,8,32",
      "  sirocco bench serve --bootstrap-server 127.0.0.1:9092 --rate 2,4,8 --output 16-256 --json"
    })
final class BenchServeCommand implements Callable<Integer> {
  private static final int MOST_READERS = 1024;
  private static final int MOST_PER_SECOND = 10_000;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String TERMINAL_PROPERTY = "sirocco.terminal";

  /** As a shell says it of Ctrl-C. */
  private static final int INTERRUPTED = 130;

  @ArgGroup(multiplicity = "1")
  private final Where where = new Where();

  @ArgGroup
  private final HowMuch howMuch = new HowMuch();

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The model to ask (default: the system's default).")
  private @Nullable String model;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "With --bootstrap-server: who asks, and pays (default: nobody).")
  private @Nullable String user;

  @Mixin
  private final CommandConfig config = new CommandConfig();

  @Option(
      names = "--api-key-file",
      paramLabel = "FILE",
      description = "With --url: file whose first line is the API key to ask with.")
  private @Nullable Path apiKeyFile;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long each load is put on (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--prompt",
      paramLabel = "LENGTHS",
      defaultValue = "16-64",
      description = "Words of a prompt (default: ${DEFAULT-VALUE}).")
  private String prompt = "";

  @Option(
      names = "--output",
      paramLabel = "LENGTHS",
      defaultValue = "64",
      description = "Tokens of an answer (default: ${DEFAULT-VALUE}).")
  private String output = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of arrivals, prompts and lengths (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "Print the figures as one JSON object.")
  private boolean json;

  @Spec
  private @Nullable CommandSpec spec;

  /** Whom to ask. */
  private static final class Where {
    @Option(
        names = "--url",
        required = true,
        paramLabel = "URL",
        description = "A gateway, or any server of OpenAI's form; ends in /v1.")
    private @Nullable URI url;

    @Option(
        names = "--bootstrap-server",
        required = true,
        paramLabel = "HOST:PORT",
        description = "A broker of the running system: asks straight through Kafka.")
    private @Nullable String bootstrapServer;

    @Override
    public String toString() {
      return url == null ? "kafka " + bootstrapServer : url.toString();
    }
  }

  /** How much to ask. */
  private static final class HowMuch {
    @Option(
        names = "--concurrency",
        split = ",",
        paramLabel = "N",
        description = "Readers at once, each asks again when it is answered (default: 1,4,16).")
    private List<Integer> readers = new ArrayList<>();

    @Option(
        names = "--rate",
        split = ",",
        paramLabel = "R",
        description = "Requests in a second, whether others are answered or not.")
    private List<Double> perSecond = new ArrayList<>();

    List<Load> loads() {
      if (!perSecond.isEmpty()) {
        return perSecond.stream().<Load>map(Load.Open::new).toList();
      }
      List<Integer> asked = readers.isEmpty() ? List.of(1, 4, 16) : readers;
      return asked.stream().<Load>map(Load.Closed::new).toList();
    }
  }

  @Override
  public Integer call() throws IOException {
    howMuch.readers.forEach(
        n -> require("--concurrency", n, n >= 1 && n <= MOST_READERS, "1 to 1024"));
    howMuch.perSecond.forEach(
        r -> require("--rate", r, r > 0 && r <= MOST_PER_SECOND, "above 0 and at most 10000"));
    require("--seconds", seconds, seconds >= 1, "1 or more");
    Lengths promptWords = lengths("--prompt", prompt);
    Lengths answerTokens = lengths("--output", output);
    Random random = new Random(seed);
    InterruptOnExit exit = InterruptOnExit.ofThisThread();
    try (Target target = target()) {
      Questions questions =
          new Questions(model, promptWords, answerTokens, new Random(random.nextLong()));
      return measure(target, questions, new Random(random.nextLong()));
    } catch (InterruptedException e) {
      return INTERRUPTED;
    } finally {
      exit.close();
    }
  }

  private int measure(Target target, Questions questions, Random arrivals)
      throws InterruptedException {
    PrintWriter err = Specs.require(spec).commandLine().getErr();
    LoadDisplay display = new LoadDisplay(err);
    boolean shows = !json && Boolean.getBoolean(TERMINAL_PROPERTY);
    LoadRun run = new LoadRun(
        target, questions, arrivals, PATIENCE, shows ? display : (load, part, ended, open) -> {});
    String fault = run.warmUp();
    if (!fault.isEmpty()) {
      err.printf("sirocco: expected an answer from %s, found: %s%n", where, fault);
      return 1;
    }
    List<StepReport> steps = new ArrayList<>();
    for (Load load : howMuch.loads()) {
      if (!json && !shows) {
        err.printf("measuring %s ...%n", load.label()).flush();
      }
      steps.add(run.step(load, Duration.ofSeconds(seconds)));
    }
    if (shows) {
      display.clear();
    }
    print(new LoadReport(where.toString(), prompt, output, seed, steps));
    return 0;
  }

  private void print(LoadReport report) {
    PrintWriter out = Specs.require(spec).commandLine().getOut();
    if (json) {
      out.println(new JsonCodec().write(report));
      out.flush();
      return;
    }
    TextTable table = new TextTable(
        "load", "answers", "errors", "tokens/s", "first token ms", "between ms", "end to end ms");
    report
        .steps()
        .forEach(step -> table.row(
            step.load(),
            String.valueOf(step.answers()),
            errors(step.errors()),
            String.valueOf(step.tokensPerSecond()),
            text(step.firstTokenMillis()),
            text(step.betweenTokensMillis()),
            text(step.endToEndMillis())));
    table.print(out, "nothing measured");
    out.println("(ms: p50 / p95 / p99)");
    report.printCharts(out);
  }

  private static String errors(Map<String, Integer> errors) {
    return errors.isEmpty()
        ? "0"
        : errors.entrySet().stream()
            .map(error -> error.getValue() + " " + error.getKey())
            .collect(Collectors.joining(", "));
  }

  private static String text(@Nullable Quantiles found) {
    return found == null
        ? "-"
        : String.format(Locale.ROOT, "%.1f / %.1f / %.1f", found.p50(), found.p95(), found.p99());
  }

  private Target target() throws IOException {
    if (where.bootstrapServer != null) {
      int readers = howMuch.readers.stream().mapToInt(Integer::intValue).max().orElse(16);
      return new KafkaTarget(config.clientProperties(where.bootstrapServer), user, readers);
    }
    URI url = where.url;
    if (url == null || url.getHost() == null || !url.getPath().contains("/v1")) {
      throw wrong("expected --url such as http://127.0.0.1:8080/v1, found " + url);
    }
    return new HttpTarget(url, apiKey());
  }

  /** From a file, because every user of a machine sees the arguments of its processes. */
  private @Nullable String apiKey() throws IOException {
    if (apiKeyFile == null) {
      return null;
    }
    try (Stream<String> lines = Files.lines(apiKeyFile)) {
      return lines.findFirst().orElse("").strip();
    }
  }

  private Lengths lengths(String option, String text) {
    try {
      return Lengths.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(option + ": " + e.getMessage());
    }
  }

  private void require(String option, Number found, boolean holds, String range) {
    if (!holds) {
      throw wrong("expected %s of %s, found %s".formatted(option, range, found));
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Specs.require(spec).commandLine(), message);
  }
}
