package io.sirocco.embedded;

import io.sirocco.worker.model.ModelLoadException;
import java.nio.file.Path;

/**
 * The small model that comes with Sirocco, so that a first try needs no download.
 *
 * <p>Immutable.
 */
final class DemoModel {
  /** The launcher says where Sirocco's files are. */
  private static final String HOME_PROPERTY = "sirocco.home";

  private DemoModel() {}

  static Path folder() throws ModelLoadException {
    String home = System.getProperty(HOME_PROPERTY);
    if (home == null) {
      throw new ModelLoadException(
          "expected -D%s to name Sirocco's folder, where the demo model is, found none; or name a"
                  .formatted(HOME_PROPERTY)
              + " model with --model DIR");
    }
    return Path.of(home, "deploy", "models", "demo");
  }
}
