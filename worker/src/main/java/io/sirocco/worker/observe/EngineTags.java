package io.sirocco.worker.observe;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;

/**
 * The labels by which the meters of one worker are told from those of others in the same process.
 *
 * <p>Immutable.
 */
final class EngineTags {
  private static final String MODEL = "model_name";
  private static final String ENGINE = "engine";

  private EngineTags() {}

  /**
   * Returns the labels of the next worker of {@code model}, the first that no meter named {@code probe}
   * has.
   */
  static Tags next(MeterRegistry registry, String model, String probe) {
    int engine = 0;
    while (registry.find(probe).tags(of(model, engine)).meter() != null) {
      engine++;
    }
    return of(model, engine);
  }

  private static Tags of(String model, int engine) {
    return Tags.of(MODEL, model, ENGINE, Integer.toString(engine));
  }

  /** Removes all meters with these labels, but for those named {@code kept}. */
  static void remove(MeterRegistry registry, Tags tags, List<String> kept) {
    List<Meter> removed = registry.getMeters().stream()
        .filter(meter -> tags.stream().allMatch(tag -> meter.getId().getTags().contains(tag)))
        .filter(meter -> !kept.contains(meter.getId().getName()))
        .toList();
    removed.forEach(registry::remove);
  }
}
