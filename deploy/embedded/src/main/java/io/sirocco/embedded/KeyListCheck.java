package io.sirocco.embedded;

import io.sirocco.gateway.auth.KeyRing;
import io.sirocco.settings.Mistake;
import io.sirocco.settings.Setting;
import io.sirocco.settings.Settings;
import io.sirocco.settings.SettingsCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lists of API keys can be read before anything is started.
 *
 * <p>Immutable.
 */
final class KeyListCheck implements SettingsCheck {
  @Override
  public List<Mistake> check(Settings settings) {
    List<Mistake> mistakes = new ArrayList<>();
    settings
        .find(GatewayKeys.KEYS)
        .flatMap(text -> fault(text, null))
        .ifPresent(fault -> mistakes.add(mistake(settings, GatewayKeys.KEYS, fault)));
    settings
        .find(GatewayKeys.KEY_FILE)
        .flatMap(file -> fault(null, file))
        .ifPresent(fault -> mistakes.add(mistake(settings, GatewayKeys.KEY_FILE, fault)));
    return mistakes;
  }

  private static Optional<String> fault(@Nullable String text, @Nullable Path file) {
    try {
      var unused = new KeyRing(text, file);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return Optional.of(e.toString());
    }
  }

  private static Mistake mistake(Settings settings, Setting<?> setting, String fault) {
    return settings.mistake(setting, "expected a list of API keys, found " + fault);
  }
}
