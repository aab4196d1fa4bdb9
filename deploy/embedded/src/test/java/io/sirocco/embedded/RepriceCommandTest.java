package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.streams.reprice.RepricePlan;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RepriceCommandTest {
  @Test
  void oneHourIsNotSeveral() {
    assertThat(RepriceCommand.hours(0)).isEqualTo("0 hours");
    assertThat(RepriceCommand.hours(1)).isEqualTo("1 hour");
    assertThat(RepriceCommand.hours(2)).isEqualTo("2 hours");
  }

  @Test
  void scriptCanTellThatHoursWereLeftAlone() {
    assertThat(RepriceCommand.exitCode(new RepricePlan(List.of(), List.of(), 7, 0)))
        .isZero();
    assertThat(RepriceCommand.exitCode(new RepricePlan(List.of(), List.of(), 7, 1)))
        .isEqualTo(3);
    assertThat(new CommandLine(new RepriceCommand()).getUsageMessage())
        .contains("3   hours were left alone");
  }
}
