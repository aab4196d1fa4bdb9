package io.sirocco.embedded;

import io.sirocco.settings.Settings;
import io.sirocco.worker.config.JanitorKeys;
import io.sirocco.worker.config.ModelEntry;
import io.sirocco.worker.config.WorkerConfig;
import io.sirocco.worker.config.WorkerKeys;
import io.sirocco.worker.janitor.JanitorSettings;
import io.sirocco.worker.model.ModelLoadException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code sirocco worker}: answers requests until it is stopped.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    description = "Answer the requests for one or more models, until SIGTERM or Ctrl-C.",
    footer = {
      "",
      "SIGTERM and Ctrl-C drain: requests in progress are finished within worker.grace, then offsets",
      "are committed and the group is left. A second signal ends the process at once.",
      "",
      "All settings are in docs/settings.md; each is a line of FILE, an environment variable",
      "(worker.slots is SIROCCO_WORKER_SLOTS), or --set worker.slots=8.",
      "",
      "Example:",
      "  sirocco worker --bootstrap-server localhost:9092 --model mistral-7b=/models/mistral-7b"
    })
final class WorkerCommand implements Callable<Integer> {
  @Mixin
  private final RoleOptions options = new RoleOptions();

  @Option(
      names = "--model",
      paramLabel = "[NAME=]DIR",
      description =
          "Checkpoint folder in Hugging Face form, repeatable; default: the demo model. Wins over"
              + " worker.models.")
  private List<String> models = new ArrayList<>();

  @Option(
      names = "--halt-at-close",
      hidden = true,
      defaultValue = "0",
      description = "The process ends in that close, between its offsets and their commit.")
  private int haltAtClose;

  @Override
  public Integer call() throws Exception {
    Map<String, String> shorthands =
        models.isEmpty() ? Map.of() : Map.of(WorkerKeys.MODELS.name(), String.join(",", models));
    Settings settings = options.load(WorkerKeys.GROUPS, shorthands);
    WorkerConfig config = WorkerConfig.of(settings, Runtime.getRuntime().availableProcessors());
    HaltAtClose beforeCommit = new HaltAtClose(haltAtClose, Runtime.getRuntime()::halt);
    List<ModelEntry> served = served(config);
    Optional<JanitorSettings> janitor = JanitorKeys.of(settings);
    return RoleProcess.run(
        "worker",
        settings,
        observation -> new WorkerRole(config, served, janitor, observation, beforeCommit));
  }

  private static List<ModelEntry> served(WorkerConfig config) throws ModelLoadException {
    return config.models().isEmpty()
        ? List.of(new ModelEntry("demo", DemoModel.folder()))
        : config.models();
  }
}
