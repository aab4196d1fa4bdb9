package io.sirocco.worker.intake;

import static org.assertj.core.api.Assertions.assertThat;
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
}
