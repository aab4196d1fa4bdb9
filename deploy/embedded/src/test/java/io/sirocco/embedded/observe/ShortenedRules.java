package io.sirocco.embedded.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The rules that are shipped, with every minute of theirs made two seconds: that of ranges, of offsets,
 * and of how long something must be so. Names and thresholds stay.
 *
 * <p>Immutable.
 *
 * @param shipped the folder of the rules
 */
public record ShortenedRules(Path shipped) {
  private static final int SECONDS_FOR_A_MINUTE = 2;
  private static final Pattern MINUTES = Pattern.compile("(?<=\\[|for: |offset )(\\d+)m\\b");

  /** Writes them to a folder; returns the files. */
  public List<Path> writeTo(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(shipped)) {
      return files.sorted().map(file -> write(file, folder)).toList();
    }
  }

  private static Path write(Path file, Path folder) {
    try {
      return Files.writeString(
          folder.resolve(file.getFileName()), shortened(Files.readString(file)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The text of a file of rules with shorter times. */
  static String shortened(String rules) {
    return MINUTES
        .matcher(rules)
        .replaceAll(time -> Integer.parseInt(time.group(1)) * SECONDS_FOR_A_MINUTE + "s");
  }
}
