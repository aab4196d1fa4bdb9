package io.sirocco.contracts.model;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;

/**
 * The fold of {@code chat.models}: which models there are, and which one a name means. All readers
 * that have read the topic to the same place agree on it.
 *
 * <p>Immutable.
 */
public final class ModelCatalog {
  private static final Comparator<ModelAnnouncement> AGE = Comparator.comparingLong(
          ModelAnnouncement::updatedAtMillis)
      .thenComparing(ModelAnnouncement::name)
      .thenComparing(ModelAnnouncement::worker);

  /** The catalog before the first record. */
  public static final ModelCatalog EMPTY = new ModelCatalog(Map.of());

  private final Map<String, ModelAnnouncement> records;
  private final NavigableMap<String, ModelAnnouncement> models = new TreeMap<>();

  private ModelCatalog(Map<String, ModelAnnouncement> records) {
    this.records = records;
    BinaryOperator<ModelAnnouncement> readyElseNewest =
        BinaryOperator.maxBy(Comparator.comparing(ModelAnnouncement::state).thenComparing(AGE));
    records.values().forEach(record -> models.merge(record.name(), record, readyElseNewest));
  }

  /** Returns the catalog after a record, which takes the place of an earlier one of its key. */
  public ModelCatalog with(ModelAnnouncement announcement) {
    TreeMap<String, ModelAnnouncement> changed = new TreeMap<>(records);
    changed.put(announcement.key(), announcement);
    return new ModelCatalog(changed);
  }

  /** Returns the catalog after a record without a value, which removes what its key held. */
  public ModelCatalog without(String key) {
    TreeMap<String, ModelAnnouncement> changed = new TreeMap<>(records);
    changed.remove(key);
    return new ModelCatalog(changed);
  }

  /** The known models, one announcement for each, ordered by name. */
  public List<ModelAnnouncement> models() {
    return List.copyOf(models.values());
  }

  /**
   * Returns the model that {@code asked} names: by its name, else by an alias, else by either without
   * regard to the case of letters. Of several models that claim a name, the one announced last.
   */
  public Optional<ModelAnnouncement> find(String asked) {
    ModelAnnouncement named = models.get(asked);
    return Optional.ofNullable(named)
        .or(() -> newest(model -> model.aliases().contains(asked)))
        .or(() -> newest(model -> model.name().equalsIgnoreCase(asked)))
        .or(() -> newest(model -> model.names().includes(asked)));
  }

  /**
   * Returns the model that is meant when none is named: the one marked as the default, of several the
   * one announced last; without a mark the only model, if there is just one.
   */
  public Optional<ModelAnnouncement> defaultModel() {
    Optional<ModelAnnouncement> marked = newest(ModelAnnouncement::isDefault);
    return marked.isEmpty() && models.size() == 1
        ? Optional.of(models.firstEntry().getValue())
        : marked;
  }

  private Optional<ModelAnnouncement> newest(Predicate<ModelAnnouncement> which) {
    return models.values().stream().filter(which).max(AGE);
  }

  /** The announcements by key. */
  @Override
  public String toString() {
    return records.toString();
  }
}
