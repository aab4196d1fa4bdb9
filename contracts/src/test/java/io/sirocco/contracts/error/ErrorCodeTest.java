package io.sirocco.contracts.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
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
    boolean senderIsAtFault = Set.of("invalid_request_error", "permission_error", "cancelled_error")
        .contains(code.type());
    assertThat(code.httpStatus() < 500).isEqualTo(senderIsAtFault);
    assertThat(code.httpStatus()).isBetween(400, 599);
  }
}
