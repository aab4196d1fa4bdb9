package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplyTopicModeTest {
  @ParameterizedTest
  @CsvSource({"single-use, SINGLE_USE", "pool, POOL", "shared, SHARED"})
  void modeHasAName(String name, ReplyTopicMode mode) {
    assertThat(ReplyTopicMode.ofSettingName(name)).isEqualTo(mode);
    assertThat(mode.settingName()).isEqualTo(name);
  }

  @Test
  void nameOfNoModeIsRefusedWithThoseThatAre() {
    assertThatThrownBy(() -> ReplyTopicMode.ofSettingName("own"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected one of single-use, pool, shared, found 'own'");
  }
}
