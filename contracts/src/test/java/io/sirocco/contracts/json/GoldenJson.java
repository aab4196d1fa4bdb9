package io.sirocco.contracts.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads the JSON files that every later version must read as this one does. */
public final class GoldenJson {
  private GoldenJson() {}

  /** Returns the text of a file of version 1, without the line break at its end. */
  public static String v1(String name) {
    String path = "/golden/v1/" + name + ".json";
    try (InputStream file = GoldenJson.class.getResourceAsStream(path)) {
      if (file == null) {
        throw new AssertionError("expected the golden file " + path + ", found none");
      }
      return new String(file.readAllBytes(), UTF_8).stripTrailing();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
