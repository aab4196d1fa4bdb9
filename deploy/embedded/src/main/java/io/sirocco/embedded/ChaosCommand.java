package io.sirocco.embedded;

import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.embedded.chaos.ChaosMode;
import io.sirocco.embedded.chaos.ChaosReport;
import io.sirocco.embedded.chaos.ChaosRun;
import io.sirocco.embedded.chaos.ChaosSettings;
import io.sirocco.embedded.chaos.ChildCommand;
import io.sirocco.worker.model.ModelLoadException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code sirocco chaos}: proves with processes that die what is promised when workers die.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    description = "Make worker and broker processes fail, and check that nobody notices.",
    footer = {
      "",
      "Modes:",
      "  kill       kill -9 of a random worker every 2 s, but not of the last one that is ready; another",
      "             one is started, and some of those end in a close, between sending the offsets and",
      "             the commit",
      "  freeze     SIGSTOP of a random worker, for twice and for a third of the session timeout",
      "  drain      SIGTERM of one worker after the other, as in a rolling restart",
      "  broker     kill -9 of one of three brokers, which comes back after 5 s",
      "  partition  a worker is cut off from the coordinator of its group, and from that alone, for",
      "             twice and for a third of the session timeout",
      "",
      "All processes are of this machine and of this run: brokers, workers of the demo model in f32.",
      "Answers are first taken from one worker while nothing goes wrong. Then --streams answers are",
      "waited for at any time, and read while they are written; when all is over, they are read once",
      "more, with the bills, and all of it is compared.",
      "",
      "Exits 1 when a guarantee was broken, and leaves the logs of the processes behind then.",
      "",
      "Example:",
      "  sirocco chaos --mode kill --streams 50 --seconds 30 --seed 7"
    })
final class ChaosCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;
  private static final String LOGS = "the logs of the processes are in ";
  private static final int MOST_STREAMS = 10_000;
  private static final int MOST_WORKERS = 32;
  private static final int MOST_SECONDS = 86_400;

  @Option(
      names = "--mode",
      required = true,
      paramLabel = "MODE",
      description = "What goes wrong: kill, freeze, drain, broker or partition.")
  private @Nullable ChaosMode mode;

  @Option(
      names = "--streams",
      paramLabel = "N",
      defaultValue = "200",
      description = "How many answers are open at any time (default: ${DEFAULT-VALUE}).")
  private int streams;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "3",
      description = "How many workers there are (default: ${DEFAULT-VALUE}).")
  private int workers;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long things go wrong (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Chooses victims and questions (default: another one each time).")
  private @Nullable Long seed;

  @Option(
      names = "--patience",
      hidden = true,
      defaultValue = "30",
      description = "Seconds without a record after which open answers count as lost.")
  private int patience;

  @Option(
      names = "--halt-at-close",
      hidden = true,
      defaultValue = "0",
      description = "Workers end in that close, between its offsets and their commit.")
  private int haltAtClose;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call()
      throws IOException, InterruptedException, ModelLoadException, MalformedJsonException {
    if (mode == null) {
      throw new IllegalStateException("expected picocli to fill the options in");
    }
    require("--streams", streams, 1, MOST_STREAMS);
    // Somebody has to take over.
    require("--workers", workers, 2, MOST_WORKERS);
    require("--seconds", seconds, 1, MOST_SECONDS);
    require("--patience", patience, 1, MOST_SECONDS);
    require("--halt-at-close", haltAtClose, 0, Integer.MAX_VALUE);
    return run(new ChaosSettings(
        mode,
        streams,
        workers,
        Duration.ofSeconds(seconds),
        seed == null ? ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) : seed,
        DemoModel.folder(),
        Duration.ofSeconds(patience),
        haltAtClose));
  }

  private void require(String option, int found, int least, int most) {
    if (found < least || found > most) {
      throw new ParameterException(
          Specs.require(spec).commandLine(),
          "expected %s of %d to %d, found %d".formatted(option, least, most, found));
    }
  }

  private int run(ChaosSettings settings)
      throws IOException, InterruptedException, MalformedJsonException {
    PrintWriter out = Specs.require(spec).commandLine().getOut();
    PrintWriter err = Specs.require(spec).commandLine().getErr();
    Path folder = Files.createTempDirectory("sirocco-chaos-");
    InterruptOnExit exit = InterruptOnExit.ofThisThread();
    try {
      ChildCommand command = ChildCommand.of(SiroccoMain.class);
      ChaosReport report = ChaosRun.run(settings, command, folder, err);
      report.print(out);
      if (report.isClean()) {
        remove(folder);
        return 0;
      }
      err.println(LOGS + folder);
      return 1;
    } catch (IOException | MalformedJsonException | InterruptedException | RuntimeException e) {
      // Whatever was interrupted says so in its own way; the flag must not stop the removal.
      boolean interrupted = Thread.interrupted() || e instanceof InterruptedException;
      if (!interrupted) {
        err.println(LOGS + folder);
        throw e;
      }
      remove(folder);
      return INTERRUPTED;
    } finally {
      exit.close();
    }
  }

  private static void remove(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.deleteIfExists(each);
    }
  }
}
