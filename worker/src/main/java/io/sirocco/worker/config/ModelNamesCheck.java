package io.sirocco.worker.config;

import io.sirocco.settings.Mistake;
import io.sirocco.settings.Settings;
import io.sirocco.settings.SettingsCheck;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Each name means one model.
 *
 * <p>Immutable.
 */
final class ModelNamesCheck implements SettingsCheck {
  @Override
  public List<Mistake> check(Settings settings) {
    List<Mistake> mistakes = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    Optional<List<ModelEntry>> models = settings.find(WorkerKeys.MODELS);
    for (ModelEntry entry : models.orElse(List.of())) {
      if (!names.add(entry.name())) {
        mistakes.add(settings.mistake(
            WorkerKeys.MODELS,
            "expected a name for each model, found two of '%s'".formatted(entry.name())));
      }
    }
    Set<String> taken = new HashSet<>(names);
    for (ModelAlias alias : settings.find(WorkerKeys.ALIASES).orElse(List.of())) {
      if (models.isPresent() && !names.contains(alias.model())) {
        mistakes.add(settings.mistake(
            WorkerKeys.ALIASES,
            "expected '%s' to stand for one of the models %s, found '%s'"
                .formatted(alias.alias(), names, alias.model())));
      }
      if (!taken.add(alias.alias())) {
        mistakes.add(settings.mistake(
            WorkerKeys.ALIASES,
            "expected a name that means one model, found '%s' twice".formatted(alias.alias())));
      }
    }
    return mistakes;
  }
}
