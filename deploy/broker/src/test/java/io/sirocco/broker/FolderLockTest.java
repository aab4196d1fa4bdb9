package io.sirocco.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
  @Test
  void aFolderHasOneOwnerAtATime(@TempDir Path folder) {
    try (FolderLock first = FolderLock.take(folder)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> FolderLock.take(folder))
          .isInstanceOf(BrokerStartException.class)
          .hasMessage("expected a folder that no other broker uses, found a lock in " + folder);
    }
    try (FolderLock next = FolderLock.take(folder)) {
      assertThat(next).isNotNull();
    }
  }
}
