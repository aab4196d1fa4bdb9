package io.sirocco.worker.config;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.settings.SettingType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model that is to be served.
 *
 * <p>Immutable.
 *
 * @param name the name under which it is served; names its request topic too
 * @param folder its checkpoint, in Hugging Face form
 */
public record ModelEntry(String name, Path folder) {

  /** {@code NAME=DIR}, or {@code DIR} for a model that is called as its folder. */
  static SettingType<ModelEntry> type() {
    return new SettingType<>("NAME=DIR or DIR", ModelEntry::parse);
  }

  private static Optional<ModelEntry> parse(String text) {
    int separator = text.indexOf('=');
    try {
      Path folder = Path.of(text.substring(separator + 1));
      // The last name of "." or "models/.." is found only in the whole path.
      Path last = folder.toAbsolutePath().normalize().getFileName();
      String name = separator < 0 && last != null
          ? last.toString()
          : text.substring(0, Math.max(separator, 0));
      return Optional.of(new ModelEntry(name, folder))
          .filter(entry -> !folder.toString().isEmpty() && isName(name));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Whether a request topic and its dead letters can have this name in theirs. */
  private static boolean isName(String name) {
    return !name.isEmpty()
        && Topics.isLegal(Topics.REQUESTS_PREFIX + name + Topics.DEAD_LETTER_SUFFIX);
  }
}
