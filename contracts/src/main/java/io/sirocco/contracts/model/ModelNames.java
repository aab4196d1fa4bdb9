package io.sirocco.contracts.model;

import io.sirocco.contracts.topic.Topics;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The names by which a model is asked for. Hosted endpoints call one model {@code mistral-7b},
 * {@code mistralai/Mistral-7B-Instruct-v0.2} and more, so it may have aliases.
 *
 * <p>Immutable.
 *
 * @param name the name under which it answers; part of its topics' names, so made of the characters
 *     that Kafka allows there
 * @param aliases other names, of any characters
 */
public record ModelNames(String name, List<String> aliases) {

  public ModelNames {
    // Else its requests would be written among the dead letters of another model.
    if (name.isEmpty()
        || name.endsWith(Topics.DEAD_LETTER_SUFFIX)
        || !Topics.isLegal(Topics.REQUESTS_PREFIX + name + Topics.DEAD_LETTER_SUFFIX)) {
      throw new IllegalArgumentException(
          "model: expected a name of the characters a-z A-Z 0-9 . _ - that does not end in '"
              + Topics.DEAD_LETTER_SUFFIX + "', as it is part of a topic's name, found '" + name
              + "'; other names can be aliases");
    }
    aliases = List.copyOf(new LinkedHashSet<>(aliases));
    if (aliases.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("aliases: expected names, found an empty one");
    }
  }

  /** Returns the names of a model that has one. */
  public static ModelNames of(String name) {
    return new ModelNames(name, List.of());
  }

  /** Whether {@code asked} is one of the names, whatever the case of its letters. */
  public boolean includes(String asked) {
    return name.equalsIgnoreCase(asked) || aliases.stream().anyMatch(asked::equalsIgnoreCase);
  }
}
