package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class LoadLogTest {

  @Test
  void loadingIsGivenUpWhenItsThreadIsInterrupted() {
    LoadLog progress = new LoadLog("demo", () -> 0);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> progress.loaded(1, 2))
          .isInstanceOf(CancellationException.class)
          .hasMessage("the loading of model demo was given up");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
