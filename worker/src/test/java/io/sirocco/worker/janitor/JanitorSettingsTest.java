package io.sirocco.worker.janitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JanitorSettingsTest {
  private static JanitorSettings of(String prefix) {
    return new JanitorSettings(prefix, Duration.ofDays(1), Duration.ZERO, 1);
  }

  @Test
  void topicsOfClientsMayBeDeleted() {
    Pattern names = JanitorSettings.defaults().names();

    assertThat(names.matcher("chat.replies.client-1x2y.17").matches()).isTrue();
    assertThat(of("chat.replies.web").names().matcher("chat.replies.web.17").matches())
        .isTrue();
    assertThat(
            of("chat.replies.web").names().matcher("chat.replies.web-1x2y.17").matches())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chat.replies.shared",
        "chat.replies.mine",
        "chat.requests.demo.17",
        "xchat.replies.client.17"
      })
  void allOthersStay(String name) {
    assertThat(JanitorSettings.defaults().names().matcher(name).matches()).isFalse();
  }

  @Test
  void prefixOfOtherTopicsIsRefused() {
    assertThatThrownBy(() -> of("chat."))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prefix: expected chat.replies., found 'chat.'");
  }
}
