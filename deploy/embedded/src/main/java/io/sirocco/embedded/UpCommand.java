package io.sirocco.embedded;

import io.micrometer.core.instrument.MeterRegistry;
import io.sirocco.embedded.observe.Observation;
import io.sirocco.embedded.observe.ObservationSettings;
import io.sirocco.embedded.observe.ObservedRole;
import io.sirocco.embedded.observe.TracingSettings;
import io.sirocco.embedded.role.JvmSignals;
import io.sirocco.embedded.role.RoleRunner;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.observe.LoadMetrics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code sirocco up}: broker, workers, gateway and the usage application, until Ctrl-C.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description =
        "Run a broker, workers, the usage application and the gateway in one process, until"
            + " Ctrl-C.",
    footer = {
      "",
      "Prints one line when requests are answered: ready kafka=HOST:PORT dashboard=URL\n"
          + "gateway=URL metrics=URL; the gateway's ends in /v1.",
      "",
      "Example:",
      "  sirocco up --kafka-port 9092 --model mistral-7b=~/models/Mistral-7B-Instruct-v0.2"
    })
final class UpCommand implements Callable<Integer> {
  private static final String DEMO = "demo";
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final int PARTITIONS = 4;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the broker on 127.0.0.1 (default: any free one).")
  private int kafkaPort;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the dashboard on 127.0.0.1 (default: any free one).")
  private int httpPort;

  @Option(
      names = "--http-token-file",
      paramLabel = "FILE",
      description =
          "File whose first line callers must send as bearer token; the dashboard asks for"
              + " it (default: this machine may ask without).")
  private @Nullable Path httpTokenFile;

  @Option(
      names = "--gateway-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the gateway on 127.0.0.1 (default: any free one).")
  private int gatewayPort;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of metrics and health on 127.0.0.1 (default: any free one).")
  private int metricsPort;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = "Workers of each model; 0 leaves the work to other processes (default: 1).")
  private int workers;

  @Option(
      names = "--model",
      paramLabel = "[NAME=]DIR",
      description = "Checkpoint folder to serve, repeatable; the first is the default model"
          + " (default: the demo model as 'demo').")
  private List<String> models = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep all records here across restarts (default: a temporary folder).")
  private @Nullable Path data;

  @Mixin
  private final LoadOptions load = new LoadOptions();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    CommandSpec command = Specs.require(spec);
    if (workers < 0) {
      throw new ParameterException(
          command.commandLine(), "expected --workers of 0 or more, found " + workers);
    }
    try (Observation observation = Observation.open(
        "sirocco",
        ProductVersion.product(),
        ObservationSettings.local(metricsPort),
        TracingSettings.OFF)) {
      EmbeddedSettings settings = new EmbeddedSettings(
          kafkaPort,
          data,
          served(command.commandLine().getErr(), observation.registry()),
          workers,
          PARTITIONS,
          true,
          httpPort,
          token(command),
          gatewayPort,
          GRACE);
      UpRole role = new UpRole(settings, observation, command.commandLine().getOut());
      return new RoleRunner(new JvmSignals(), Runtime.getRuntime()::halt)
          .run(new ObservedRole(role, observation.health()));
    }
  }

  /** From a file, because every user of a machine sees the arguments of its processes. */
  private @Nullable String token(CommandSpec command) throws IOException {
    if (httpTokenFile == null) {
      return null;
    }
    try (Stream<String> lines = Files.lines(httpTokenFile)) {
      String token = lines.findFirst().orElse("").strip();
      if (token.isEmpty()) {
        throw new ParameterException(
            command.commandLine(),
            "--http-token-file: expected a token in the first line of " + httpTokenFile
                + ", found none");
      }
      return token;
    }
  }

  private List<ServedName> served(PrintWriter out, MeterRegistry registry)
      throws ModelLoadException {
    Map<String, Path> folders = new LinkedHashMap<>();
    for (String model : models.isEmpty() ? List.of(DEMO + "=" + DemoModel.folder()) : models) {
      int equals = model.indexOf('=');
      Path folder = Path.of(model.substring(equals + 1));
      String name = equals < 0 ? String.valueOf(folder.getFileName()) : model.substring(0, equals);
      if (folders.put(name, folder) != null) {
        throw new ModelLoadException("expected one folder for a name, found two for " + name);
      }
    }
    List<ServedName> served = new ArrayList<>();
    for (Map.Entry<String, Path> model : folders.entrySet()) {
      ModelFolder folder = ModelFolder.open(model.getValue());
      String name = model.getKey();
      served.add(new ServedName(name, () -> load(name, folder, out, registry)));
    }
    return served;
  }

  private ServedModel load(String name, ModelFolder folder, PrintWriter out, MeterRegistry registry)
      throws ModelLoadException {
    try (LoadMetrics metrics = new LoadMetrics(registry, name, System::nanoTime)) {
      return load.load(folder, metrics.and(new LoadBar(out, System::nanoTime)));
    }
  }
}
