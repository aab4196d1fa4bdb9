package io.sirocco.worker.config;

import io.sirocco.settings.SettingType;
import java.util.Optional;

/**
 * A further name of a model, such as the one it has at an endpoint that requests went to before.
 *
 * <p>Immutable.
 *
 * @param alias any text: {@code mistralai/Mistral-7B-Instruct-v0.2}
 * @param model the name under which the model is served
 */
public record ModelAlias(String alias, String model) {

  /** {@code ALIAS=NAME}. */
  static SettingType<ModelAlias> type() {
    return new SettingType<>("ALIAS=NAME", text -> {
      int separator = text.lastIndexOf('=');
      return Optional.of(text)
          .filter(it -> separator > 0 && separator < it.length() - 1)
          .map(it -> new ModelAlias(it.substring(0, separator), it.substring(separator + 1)));
    });
  }
}
