package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepriceCommandTest {
  @Test
  void oneHourIsNotSeveral() {
    assertThat(RepriceCommand.hours(0)).isEqualTo("0 hours");
    assertThat(RepriceCommand.hours(1)).isEqualTo("1 hour");
    assertThat(RepriceCommand.hours(2)).isEqualTo("2 hours");
  }
}
