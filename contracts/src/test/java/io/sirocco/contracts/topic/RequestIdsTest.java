package io.sirocco.contracts.topic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RequestIdsTest {
  @Test
  void lengthCountsBytesNotCharacters() {
    for (String usable :
        List.of("a", "x".repeat(200), "ü".repeat(100), "\uD83C\uDF2C".repeat(50))) {
      assertThat(RequestIds.isUsable(usable)).as(usable).isTrue();
      assertThat(RequestIds.isUsable(usable.getBytes(UTF_8))).as(usable).isTrue();
    }
    for (String useless : List.of("", "x".repeat(201), "ü".repeat(100) + "x")) {
      assertThat(RequestIds.isUsable(useless)).as(useless).isFalse();
      assertThat(RequestIds.isUsable(useless.getBytes(UTF_8))).as(useless).isFalse();
    }
  }

  @Test
  void textThatWouldArriveAsAnotherIsNoId() {
    assertThat(RequestIds.isUsable("a\uD83C")).isFalse();
    assertThat(RequestIds.isUsable(new byte[] {'a', (byte) 0xC3})).isFalse();
  }
}
