package io.sirocco.embedded;

import io.sirocco.settings.Mistake;
import io.sirocco.settings.Settings;
import io.sirocco.settings.SettingsCheck;
import io.sirocco.streams.http.HttpSettings;
import java.util.List;
import java.util.Optional;

/**
 * Usage is served to other machines with a token only: bills are nobody else's business.
 *
 * <p>Immutable.
 */
final class TokenCheck implements SettingsCheck {
  @Override
  public List<Mistake> check(Settings settings) {
    Optional<String> host = settings.find(StreamsKeys.HTTP_HOST);
    boolean open = host.isPresent() && !HttpSettings.isThisMachine(host.get());
    return open && settings.find(StreamsKeys.HTTP_TOKEN).isEmpty()
        ? List.of(settings.mistake(
            StreamsKeys.HTTP_HOST,
            "expected " + StreamsKeys.HTTP_TOKEN.name()
                + " where other machines can ask, found none"))
        : List.of();
  }
}
