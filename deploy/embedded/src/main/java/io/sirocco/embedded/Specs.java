package io.sirocco.embedded;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What picocli fills in before a command is called.
 *
 * <p>Immutable.
 */
final class Specs {
  private Specs() {}

  static CommandSpec require(@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("expected picocli to fill the spec in, found none");
    }
    return spec;
  }
}
