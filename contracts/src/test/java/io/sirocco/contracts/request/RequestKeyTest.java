package io.sirocco.contracts.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RequestKeyTest {
  @Test
  void keyMeansTheRequestOfItsUserAlone() {
    RequestKey key = RequestKey.of("u-1", "r-1");

    assertThat(key.means("u-1", "r-1")).isTrue();
    assertThat(key.means("u-2", "r-1")).isFalse();
    assertThat(key.means("u-1", "r-2")).isFalse();
  }

  @Test
  void keyOfAnyUserMeansTheRequestWhoeverWroteIt() {
    RequestKey key = RequestKey.ofAnyUser("r-1");

    assertThat(key.means("u-1", "r-1")).isTrue();
    assertThat(key.means("u-1", "r-2")).isFalse();
  }

  @Test
  void requestOfNobodyIsThatOfAnonymous() {
    assertThat(RequestKey.of(null, "r-1")).isEqualTo(RequestKey.of("anonymous", "r-1"));
    assertThat(RequestKey.of("", "r-1")).isEqualTo(RequestKey.of("anonymous", "r-1"));
  }

  @Test
  void idThatNoRequestCanHaveIsRefused() {
    assertThatThrownBy(() -> RequestKey.ofAnyUser(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 1 to 200 bytes in request_id");
  }

  @Test
  void fingerprintTellsBodiesApart() {
    assertThat(RequestFingerprint.of(new byte[] {1}))
        .isNotEqualTo(RequestFingerprint.of(new byte[] {2}));
    assertThat(RequestFingerprint.of(new byte[0]))
        .isEqualTo("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }
}
