package io.sirocco.worker.engine.api;

import org.jspecify.annotations.Nullable;

/**
 * Whether a request may take the beginning of its prompt from what was computed for others, and they
 * from it.
 *
 * <p>Immutable.
 *
 * @param allowed whether anything is taken, or left behind
 * @param salt with whom the request shares: with those that name the same, or nothing either
 */
public record PrefixReuse(boolean allowed, @Nullable String salt) {
  /** With everybody who names no salt. */
  public static final PrefixReuse UNSALTED = new PrefixReuse(true, null);

  /** With nobody. */
  public static final PrefixReuse NONE = new PrefixReuse(false, null);
}
