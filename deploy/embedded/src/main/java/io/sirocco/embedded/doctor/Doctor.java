package io.sirocco.embedded.doctor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at brokers, topics, rights and this machine, and says what to change. All that it changes itself
 * is one topic, which it makes and deletes.
 *
 * <p>Confined to the main thread.
 */
public final class Doctor {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Map<String, String> client;
  private final @Nullable CheckedRole role;
  private final String topicName;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param client what Kafka's clients need to connect
   * @param role whose rights are expected; null for nobody's
   * @param topicName the part of the throw-away topic's name that is unique
   */
  public Doctor(Map<String, String> client, @Nullable CheckedRole role, String topicName) {
    this.client = Map.copyOf(client);
    this.role = role;
    this.topicName = topicName;
  }

  /** Looks at brokers and topics; one fault is no reason not to look at the rest. */
  public void lookAtBrokers() throws InterruptedException {
    String servers = client.getOrDefault(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "");
    Map<String, Object> properties = new HashMap<>();
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
    properties.putAll(client); // Who knows better says so.
    try (Admin admin = Admin.create(properties)) {
      ClusterState cluster = new ClusterReader(admin, servers).read();
      for (Check check : checks()) {
        findings.addAll(check.of(cluster));
      }
      findings.addAll(new ThrowAwayTopic(admin, client, topicName, InstantSource.system())
          .measure(cluster.commands()));
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      findings.add(Finding.fail(
          "brokers",
          "none at %s that lets one in: %s".formatted(servers, cause.getMessage()),
          "an answer",
          "start the broker, or set --bootstrap-server to its advertised listener, and"
              + " --command-config to a file with its security.protocol and sasl.* or ssl.*"));
    }
  }

  private List<Check> checks() {
    return List.of(
        new BrokerCheck(),
        new ReplicaCheck(),
        new TopicCheck(),
        new RightsCheck(role),
        new TimeoutCheck(),
        new SizeCheck(),
        new LogFolderCheck());
  }

  /**
   * Looks at this machine, and at a checkpoint that it is to serve.
   *
   * @param unpacked where native libraries are unpacked to
   * @param model the checkpoint; empty for none
   * @param cacheTokens how many tokens the cache has for a model of so many positions
   * @throws IOException when this machine does not say what it has
   */
  public void lookAtMachine(Path unpacked, Optional<Path> model, IntToLongFunction cacheTokens)
      throws IOException {
    Machine machine = Machine.look(unpacked);
    findings.addAll(new MachineCheck(machine).look());
    model.ifPresent(folder -> findings.addAll(new ModelCheck(folder, machine, cacheTokens).look()));
  }

  /** All that was found so far. */
  public Diagnosis diagnosis() {
    return new Diagnosis(findings);
  }
}
