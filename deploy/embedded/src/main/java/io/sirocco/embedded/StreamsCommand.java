package io.sirocco.embedded;

import io.sirocco.settings.Settings;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code sirocco streams}: the usage application against brokers that run already.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "streams",
    mixinStandardHelpOptions = true,
    description = "Count usage and price it, until SIGTERM or Ctrl-C.",
    footer = {
      "",
      "All settings are in docs/settings.md; each is a line of FILE, an environment variable",
      "(streams.threads is SIROCCO_STREAMS_THREADS), or --set streams.threads=4.",
      "",
      "Example:",
      "  sirocco streams --bootstrap-server localhost:9092 --set streams.state-folder=/var/sirocco"
    })
final class StreamsCommand implements Callable<Integer> {
  @Mixin
  private final RoleOptions options = new RoleOptions();

  @Override
  public Integer call() throws Exception {
    Settings settings = options.load(StreamsKeys.GROUPS, Map.of());
    return RoleProcess.run(
        "streams", settings, observation -> new StreamsRole(settings, observation));
  }
}
