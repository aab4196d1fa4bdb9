package io.sirocco.embedded;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.embedded.doctor.CheckedRole;
import io.sirocco.embedded.doctor.Diagnosis;
import io.sirocco.embedded.doctor.Doctor;
import io.sirocco.settings.InvalidSettingsException;
import io.sirocco.settings.SettingSources;
import io.sirocco.settings.kafka.KafkaSettings;
import io.sirocco.worker.config.WorkerConfig;
import io.sirocco.worker.config.WorkerKeys;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.IntToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code sirocco doctor}: what is wrong with brokers, topics, rights and this machine, and what to change.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Look at brokers, topics, rights and this machine, and say what to change.",
    footer = {
      "",
      "Each line is ok, warn or fail, what was found, what is expected, and below it what changes it.",
      "Makes one topic, chat.replies.doctor-*, writes two records of a byte to it and deletes it.",
      "",
      "Exit code 0 when nothing failed, 1 otherwise.",
      "",
      "Example:",
      "  sirocco doctor --bootstrap-server kafka:9093 --command-config worker.properties \\",
      "    --role worker --model /models/mistral-7b"
    })
final class DoctorCommand implements Callable<Integer> {
  @Mixin
  private final BrokerOptions broker = new BrokerOptions();

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Checkpoint folder that is to be served here.")
  private @Nullable Path model;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description = "Expect the rights of a worker, streams or gateway (default: show them).")
  private @Nullable CheckedRole role;

  @Option(names = "--json", description = "Print one JSON object instead of lines.")
  private boolean json;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException, InvalidSettingsException {
    Doctor doctor = new Doctor(broker.clientProperties(), role, "doctor-" + UUID.randomUUID());
    doctor.lookAtBrokers();
    doctor.lookAtMachine(unpacked(), Optional.ofNullable(model), cacheTokens());
    Diagnosis diagnosis = doctor.diagnosis();
    PrintWriter out = Specs.require(spec).commandLine().getOut();
    if (json) {
      out.println(new JsonCodec().write(diagnosis));
    } else {
      diagnosis.print(out);
    }
    out.flush();
    return diagnosis.ok() ? 0 : 1;
  }

  /** As a worker of which nothing else is said. */
  private IntToLongFunction cacheTokens() throws InvalidSettingsException, IOException {
    WorkerConfig config = WorkerConfig.of(
        RoleSettings.loader()
            .load(
                new SettingSources(
                    Optional.empty(),
                    Map.of(),
                    Map.of(KafkaSettings.BOOTSTRAP_SERVERS.name(), broker.bootstrapServer())),
                Stream.of(WorkerKeys.GROUPS, RoleSettings.COMMON)
                    .flatMap(List::stream)
                    .toList()),
        1);
    return positions -> config.torch(positions).cacheTokens();
  }

  private static Path unpacked() {
    String folder = System.getenv("DJL_CACHE_DIR");
    return folder == null ? Path.of(System.getProperty("user.home"), ".djl.ai") : Path.of(folder);
  }
}
