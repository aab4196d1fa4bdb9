package io.sirocco.embedded;

import io.sirocco.settings.Settings;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code sirocco gateway}: OpenAI's HTTP in front of brokers that run already.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    description = "Answer clients of OpenAI's HTTP interface, until SIGTERM or Ctrl-C.",
    footer = {
      "",
      "All settings are in docs/settings.md; each is a line of FILE, an environment variable",
      "(gateway.port is SIROCCO_GATEWAY_PORT), or --set gateway.port=8080.",
      "",
      "Example:",
      "  sirocco gateway --bootstrap-server localhost:9092 --set gateway.host=0.0.0.0 \\",
      "    --set gateway.key-file=/etc/sirocco/keys.json"
    })
final class GatewayCommand implements Callable<Integer> {
  @Mixin
  private final RoleOptions options = new RoleOptions();

  @Override
  public Integer call() throws Exception {
    Settings settings = options.load(GatewayKeys.GROUPS, Map.of());
    return RoleProcess.run(
        "gateway", settings, observation -> new GatewayRole(settings, observation));
  }
}
