package io.sirocco.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @Test
  void aFullDiskIsOneLine(@TempDir Path folder) {
    assertThatThrownBy(() -> DataFolder.open(folder, Long.MAX_VALUE))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageMatching("expected \\d+ MB free for the broker in .*, found \\d+ MB");
  }

  @Test
  void aDiskWithRoomIsTaken(@TempDir Path folder) {
    assertThat(DataFolder.open(folder, 1).path()).isEqualTo(folder.toAbsolutePath());
  }
}
