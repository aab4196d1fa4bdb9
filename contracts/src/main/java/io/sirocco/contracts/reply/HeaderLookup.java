package io.sirocco.contracts.reply;

import org.jspecify.annotations.Nullable;

/** Finds a record's headers by name, so that contracts need no Kafka class. */
@FunctionalInterface
public interface HeaderLookup {
  /** Returns the value of the last header of that name, or null when there is none. */
  byte @Nullable [] last(String name);
}
