package io.sirocco.embedded.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ShortenedRulesTest {
  private static final Path ALERTS = Path.of("..", "prometheus", "rules", "sirocco-alerts.yml");

  @Test
  void timesAreShorterAndNamesAreNot() {
    assertThat(ShortenedRules.shortened(
            "for: 5m\nexpr: rate(a_5m[10m]) > b:rate5m offset 15m # 15 minutes, 5m"))
        .isEqualTo("for: 10s\nexpr: rate(a_5m[20s]) > b:rate5m offset 30s # 15 minutes, 5m");
  }

  @Test
  void noRangeAndNoDelayOfTheAlertsStaysInMinutes() throws IOException {
    assertThat(ShortenedRules.shortened(Files.readString(ALERTS)))
        .contains("for: 4s", "[20s]")
        .doesNotContainPattern("for: \\d+m|\\[\\d+m\\]|offset \\d+m");
  }
}
