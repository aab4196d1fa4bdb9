package io.sirocco.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyRingTest {
  /** Of "test" and of "hello". */
  private static final String TEST =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  private static final String HELLO =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

  @TempDir
  private Path folder = Path.of("");

  private static String keys(String sha256, String user) {
    return "{\"keys\": [{\"sha256\": \"%s\", \"user\": \"%s\", \"max_streams\": 2}]}"
        .formatted(sha256, user);
  }

  @Test
  void keyIsFoundByItsHash() throws Exception {
    KeyRing ring = new KeyRing(keys(TEST, "ann"), null);

    assertThat(ring.find("test")).map(Caller::user).hasValue("ann");
    assertThat(ring.find("test")).map(Caller::maxStreams).hasValue(2);
    assertThat(ring.find("Test")).isEmpty();
    assertThat(ring.find(TEST)).isEmpty();
    assertThat(ring.find("")).isEmpty();
  }

  @Test
  void fileThatChangesIsReadAgain() throws Exception {
    Path file = Files.writeString(folder.resolve("keys.json"), keys(TEST, "ann"));
    KeyRing ring = new KeyRing(keys(HELLO, "bob"), file);
    assertThat(ring.find("test")).map(Caller::user).hasValue("ann");
    assertThat(ring.find("hello")).map(Caller::user).hasValue("bob");

    Files.writeString(file, keys(TEST, "eve"));
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1)));
    ring.refresh();

    assertThat(ring.find("test")).map(Caller::user).hasValue("eve");
  }

  @Test
  void fileWithAMistakeChangesNothing() throws Exception {
    Path file = Files.writeString(folder.resolve("keys.json"), keys(TEST, "ann"));
    KeyRing ring = new KeyRing(null, file);

    Files.writeString(file, keys("12", "eve"));
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1)));
    ring.refresh();

    assertThat(ring.find("test")).map(Caller::user).hasValue("ann");
    assertThatThrownBy(() -> new KeyRing(null, file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("64 hexadecimal digits");
  }
}
