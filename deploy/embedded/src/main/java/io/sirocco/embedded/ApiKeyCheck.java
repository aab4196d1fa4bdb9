package io.sirocco.embedded;

import io.sirocco.gateway.settings.GatewaySettings;
import io.sirocco.settings.Mistake;
import io.sirocco.settings.Settings;
import io.sirocco.settings.SettingsCheck;
import java.util.List;
import java.util.Optional;

/**
 * Other machines may ask with an API key only: somebody pays for every answer.
 *
 * <p>Immutable.
 */
final class ApiKeyCheck implements SettingsCheck {
  @Override
  public List<Mistake> check(Settings settings) {
    Optional<String> host = settings.find(GatewayKeys.HOST);
    boolean open = host.isPresent() && !GatewaySettings.isThisMachine(host.get());
    return open
            && settings.find(GatewayKeys.KEYS).isEmpty()
            && settings.find(GatewayKeys.KEY_FILE).isEmpty()
        ? List.of(settings.mistake(
            GatewayKeys.HOST,
            "expected " + GatewayKeys.KEY_FILE.name() + " or " + GatewayKeys.KEYS.name()
                + " where other machines can ask, found neither"))
        : List.of();
  }
}
