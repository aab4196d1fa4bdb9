package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoadBarTest {

  @Test
  void bytesAndTimeLeftAreShown() {
    StringWriter shown = new StringWriter();
    AtomicLong nanos = new AtomicLong();
    LoadBar bar = new LoadBar(new PrintWriter(shown), nanos::get);
    bar.loaded(100_000_000, 1_500_000_000);
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    bar.loaded(600_000_000, 1_500_000_000);
    assertThat(shown)
        .hasToString("loading model: 0.6 of 1.5 GB, about 9 s left" + System.lineSeparator());
  }
}
