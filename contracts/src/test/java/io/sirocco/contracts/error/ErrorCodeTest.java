package io.sirocco.contracts.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorCodeTest {
  @Test
  void noTwoErrorsShareACode() {
    assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void codeIsTheConstantInLowerCase(ErrorCode code) {
    assertThat(code.code()).isEqualToIgnoringCase(code.name()).isLowerCase();
  }

  @ParameterizedTest
  @EnumSource
  void statusSaysWhoIsAtFault(ErrorCode code) {
    assertThat(code.httpStatus() >= 500).isEqualTo(code.type().equals("server_error"));
    assertThat(code.httpStatus()).isBetween(400, 599);
  }
}
