package io.sirocco.worker.model.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The checkpoint folders of the tests, and copies of them in which something is different. */
public final class CheckpointFolders {
  /** Four query heads, two key heads, no sliding window, 320 tokens, no tokenizer. */
  public static final Path NO_WINDOW = golden("tiny-mistral-nowin");

  /** In bfloat16, with a window of 8 and Mistral's 32,000 tokens. */
  public static final Path VOCABULARY_32K = golden("tiny-mistral-vocab32k-bf16");

  /** Mixtral: four experts, two of them for each token. */
  public static final Path EXPERTS = golden("tiny-mixtral-4x2");

  /** The model that is shipped. */
  public static final Path DEMO = Path.of("../deploy/models/demo");

  private CheckpointFolders() {}

  /** A file or folder of the reference data. */
  public static Path golden(String name) {
    return Path.of("src/test/resources/golden").resolve(name);
  }

  /** The weights of {@link #NO_WINDOW} with a window of 8, put together in {@code target}. */
  public static Path windowed(Path target) {
    copy(NO_WINDOW, target);
    copy(golden("tiny-mistral-w8"), target);
    return target;
  }

  /** {@link #NO_WINDOW} with a window of so many tokens, in {@code target}. */
  public static Path withWindow(Path target, int window) {
    return withConfig(
        NO_WINDOW, target, "\"sliding_window\": null", "\"sliding_window\": " + window);
  }

  /** A copy in which one text of {@code config.json} is replaced; it must occur. */
  public static Path withConfig(Path source, Path target, String text, String replacement) {
    copy(source, target);
    replace(target.resolve("config.json"), text, replacement);
    return target;
  }

  /** Replaces a text of a file; it must occur. */
  public static void replace(Path file, String text, String replacement) {
    try {
      String before = Files.readString(file);
      if (!before.contains(text)) {
        throw new IllegalStateException("expected " + text + " in " + file);
      }
      Files.writeString(file, before.replace(text, replacement));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies the files of a folder into another, over what is there. */
  public static void copy(Path source, Path target) {
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.toList()) {
        Files.write(target.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
