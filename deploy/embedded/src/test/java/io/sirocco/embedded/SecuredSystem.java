package io.sirocco.embedded;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A worker, the usage application and a gateway, each a process and a user of its own, on a secured
 * broker. The janitor of the worker deletes {@code chat.replies.crashed*} after 2 seconds.
 *
 * <p>Confined to one thread.
 */
final class SecuredSystem implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final SecuredRoles roles;
  private final WorkerProcess streams;
  private final WorkerProcess gateway;
  private WorkerProcess worker;

  /** Starts them; returns when they are ready. */
  SecuredSystem(SecuredRoles roles, Path folder) throws IOException {
    this.roles = roles;
    worker = worker(roles);
    streams = roles.start(
        "sirocco-streams",
        "streams",
        Map.of("streams.http.port", "0", "streams.state-folder", folder + "/state"));
    gateway = roles.start("sirocco-gateway", "gateway", Map.of("gateway.port", "0"));
    worker.awaitLine("ready model=demo");
    streams.awaitLine("ready application-id=");
    gateway.awaitLine("ready gateway=");
    HttpAsker asker = gateway();
    await().atMost(PATIENCE).until(() -> asker.get("/ready").statusCode() == 200);
  }

  private static WorkerProcess worker(SecuredRoles roles) throws IOException {
    return roles.start(
        "sirocco-worker",
        "worker",
        Map.of(
            "worker.models", "demo=../models/demo",
            "worker.threads", "1",
            "worker.users", "header-only",
            "janitor.prefix", "chat.replies.crashed",
            "janitor.age", "2s",
            "janitor.interval", "1s"));
  }

  HttpAsker gateway() {
    return new HttpAsker(address(gateway, " gateway="));
  }

  HttpAsker dashboard() {
    return new HttpAsker(address(streams, " dashboard="));
  }

  private static URI address(WorkerProcess role, String name) {
    return URI.create(role.log().stream()
        .filter(line -> line.contains(name))
        .findFirst()
        .orElseThrow()
        .replaceAll(".*" + name + "(\\S+).*", "$1"));
  }

  /** Ends the worker without a word, and starts another one. */
  void replaceWorker() throws IOException, InterruptedException {
    worker.signal("KILL");
    worker.exitCode();
    worker = worker(roles);
  }

  /** Ends all as an operator does. */
  void drain() throws IOException, InterruptedException {
    for (WorkerProcess role : List.of(gateway, worker, streams)) {
      role.signal("TERM");
      if (role.exitCode() != 0) {
        throw new AssertionError("expected exit code 0, found another after " + role.log());
      }
    }
  }

  @Override
  public void close() {
    gateway.close();
    streams.close();
    worker.close();
  }
}
