package io.sirocco.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
  @Test
  void temporaryFolderGoesWithAllThatIsInIt() throws Exception {
    Path path;
    try (StateFolder folder = StateFolder.open(null)) {
      path = folder.path();
      Files.writeString(Files.createDirectories(path.resolve("a/b")).resolve("c"), "state");
    }

    assertThat(path).doesNotExist();
  }

  @Test
  void chosenFolderIsMadeAndStays(@TempDir Path parent) {
    Path chosen = parent.resolve("not/yet/there");
    try (StateFolder folder = StateFolder.open(chosen)) {
      assertThat(folder.path()).isEqualTo(chosen).isDirectory();
    }

    assertThat(chosen).isDirectory();
  }

  @Test
  void fileInThePlaceOfAFolderIsSaid(@TempDir Path parent) throws Exception {
    Path file = Files.writeString(parent.resolve("file"), "");

    assertThatThrownBy(() -> StateFolder.open(file))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("expected a folder for totals that can be written to");
  }
}
