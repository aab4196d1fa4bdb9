package io.sirocco.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Objects of one thread need no locks, and a lock would hide that two threads meet there. */
class ConfinedSourcesTest {
  /** The block; methods are held by a rule over the classes, which do not tell of blocks. */
  private static final Pattern SYNCHRONIZED_BLOCK =
      Pattern.compile("^\\s*synchronized\\s*\\(", Pattern.MULTILINE);

  @Test
  void packagesOfOneThreadHaveNoSynchronizedBlock() {
    assertThat(WorkerRules.CONFINED)
        .allSatisfy(name ->
            assertThat(locked("worker/src/main/java/io/sirocco/worker/" + name)).isEmpty());
  }

  @Test
  void synchronizedBlockIsFound() {
    assertThat(locked("src/test/java/io/sirocco/architecture/fixture/worker/engine"))
        .singleElement()
        .satisfies(file -> assertThat(file).hasFileName("HasSynchronizedBlock.java"));
  }

  private static List<Path> locked(String folder) {
    return SourceTree.here().javaFiles(folder).stream()
        .filter(file -> SYNCHRONIZED_BLOCK.matcher(SourceTree.read(file)).find())
        .toList();
  }
}
