package io.sirocco.contracts.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InvalidRequestExceptionTest {
  @Test
  void requestAsAWholeIsNoField() {
    assertThat(new InvalidRequestException(ErrorCode.INVALID_TYPE, "", "a list").field())
        .isNull();
    assertThat(new InvalidRequestException(ErrorCode.INVALID_TYPE, "seed", "a text").field())
        .isEqualTo("seed");
  }
}
