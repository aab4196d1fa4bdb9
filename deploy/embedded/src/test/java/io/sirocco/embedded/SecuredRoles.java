package io.sirocco.embedded;

import io.sirocco.testkit.SecuredKafka;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;

/**
 * A secured broker with the topics of deploy/kubernetes, and roles and commands that come in as a user
 * each.
 *
 * <p>Thread-safe.
 *
 * @param folder for their files
 */
record SecuredRoles(SecuredKafka kafka, Path folder) implements AutoCloseable {

  /** Starts a broker with these users and their rights. */
  static SecuredRoles open(Map<String, List<AclBinding>> rights, Path folder) throws Exception {
    SecuredKafka kafka = SecuredKafka.start("SCRAM-SHA-512", rights.keySet(), folder);
    kafka.allow(rights.values().stream().flatMap(List::stream).toList());
    try (Admin admin = Admin.create(new HashMap<>(kafka.clientProperties()))) {
      admin.createTopics(KafkaManifests.topics()).all().get();
    }
    return new SecuredRoles(kafka, folder);
  }

  /** Starts a role, with its settings from a file. */
  WorkerProcess start(String user, String role, Map<String, String> settings) throws IOException {
    Properties all = new Properties();
    kafka.clientProperties(user).forEach((name, value) -> all.put("kafka." + name, value));
    all.putAll(settings);
    return WorkerProcess.ofRole(role, "--config", write(user + "-role", all).toString());
  }

  /** Runs a command that is told where the broker is, and by a file who asks. */
  CommandLineRun run(String user, List<String> command, String... more) throws IOException {
    Properties all = new Properties();
    all.putAll(kafka.clientProperties(user));
    all.remove("bootstrap.servers");
    List<String> arguments = new ArrayList<>(command);
    arguments.addAll(List.of(
        "--bootstrap-server",
        kafka.bootstrapServers(),
        "--command-config",
        write(user + "-command", all).toString()));
    arguments.addAll(List.of(more));
    return CommandLineRun.of(arguments.toArray(String[]::new));
  }

  @Override
  public void close() {
    kafka.close();
  }

  private Path write(String name, Properties properties) throws IOException {
    Path file = folder.resolve(name + ".properties");
    try (Writer text = Files.newBufferedWriter(file)) {
      properties.store(text, null);
    }
    return file;
  }
}
