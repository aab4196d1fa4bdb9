package io.sirocco.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.error.InvalidRequestException;
import org.junit.jupiter.api.Test;

class UserSourceTest {
  @Test
  void theHeaderWinsOverTheBody() throws InvalidRequestException {
    assertThat(UserSource.HEADER_OR_BODY.user("ann", "bob")).isEqualTo("ann");
    assertThat(UserSource.HEADER_OR_BODY.user(null, "bob")).isEqualTo("bob");
    assertThat(UserSource.HEADER_OR_BODY.user("", "")).isEqualTo("anonymous");
    assertThat(UserSource.HEADER_OR_BODY.user(null, null)).isEqualTo("anonymous");
  }

  @Test
  void withoutTheHeaderNobodyPaysWhereItAloneCounts() throws InvalidRequestException {
    assertThat(UserSource.HEADER_ONLY.user("ann", null)).isEqualTo("ann");
    assertThatThrownBy(() -> UserSource.HEADER_ONLY.user(null, "bob"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("expected header 'x-user' to name who pays, found none");
  }

  @Test
  void aNameThatWouldNotFitIntoAUsageEventIsRefused() {
    String longest = "x".repeat(200);
    for (String name : new String[] {longest + "x", "\ud800"}) {
      assertThatThrownBy(() -> UserSource.HEADER_OR_BODY.user(null, name))
          .isInstanceOfSatisfying(
              InvalidRequestException.class, fault -> assertThat(fault.field()).isEqualTo("user"));
    }
    assertThatCode(() -> UserSource.HEADER_OR_BODY.user(null, longest)).doesNotThrowAnyException();
  }
}
