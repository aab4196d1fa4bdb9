package io.sirocco.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnknownFieldsTest {
  @Test
  void fewNamesAreToldAsTheyAre() {
    assertThat(UnknownFields.bounded(List.of("b", "a"))).containsExactly("b", "a");
  }

  @Test
  void manyNamesFitIntoAHeaderAndTheRestIsCounted() {
    List<String> names = Collections.nCopies(500, "temprature");

    List<String> bounded = UnknownFields.bounded(names);

    int told = bounded.size() - 1;
    assertThat(bounded).endsWith("and %d more".formatted(500 - told));
    assertThat(String.join(",", bounded).length()).isBetween(1000, 1050);
  }

  @Test
  void aNameAsLongAsATextIsCutOff() {
    assertThat(UnknownFields.bounded(List.of("x".repeat(5000))))
        .containsExactly("x".repeat(100) + "...");
  }

  @Test
  void aStrictRequestIsRefusedWithAllNames() {
    assertThatThrownBy(() -> UnknownFields.refuse(List.of("b", "a")))
        .hasMessage("expected only fields that are known, as the request is strict, found b, a")
        .isInstanceOfSatisfying(InvalidRequestException.class, fault -> {
          assertThat(fault.code()).isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER);
          assertThat(fault.field()).isEqualTo("b");
        });
    assertThatCode(() -> UnknownFields.refuse(List.of())).doesNotThrowAnyException();
  }
}
