package io.sirocco.worker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  @Test
  void kibibytesBecomeBytes() throws IOException {
    assertThat(ProcessMemory.parse("Name:\tjava\nVmRSS:\t    2048 kB\nRssAnon:\t    1024 kB\n"))
        .isEqualTo(new ProcessMemory(2 << 20, 1 << 20));
  }

  @Test
  void missingLineIsNamed() {
    assertThatThrownBy(() -> ProcessMemory.parse("VmRSS: 1 kB\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected a line RssAnon:");
  }
}
