package io.sirocco.contracts.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
  @Test
  void namesFollowTheirPatterns() {
    assertThat(Topics.requests("breeze-7b")).isEqualTo("chat.requests.breeze-7b");
    assertThat(Topics.deadLetters("chat.requests.breeze-7b"))
        .isEqualTo("chat.requests.breeze-7b-dlt");
    assertThat(Topics.replies("c1", 42)).isEqualTo("chat.replies.c1.42");
    assertThat(Topics.workerGroup("chat.requests.breeze-7b"))
        .isEqualTo("sirocco-workers.chat.requests.breeze-7b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "A-b_c.9", "...", "chat.replies.x"})
  void kafkasNamesAreLegal(String name) {
    assertThat(Topics.isLegal(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a b", "a/b", "ä", "a\n", "a:b", "a\u0000"})
  void otherNamesAreNot(String name) {
    assertThat(Topics.isLegal(name)).isFalse();
  }

  @Test
  void nameHasAtMost249Characters() {
    assertThat(Topics.isLegal("x".repeat(249))).isTrue();
    assertThat(Topics.isLegal("x".repeat(250))).isFalse();
  }

  @Test
  void illegalModelNameIsRefusedWithWhatWasExpected() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Topics.requests("mistral ai/7b"))
        .withMessage("expected a topic name of 1 to 249 of the characters a-z A-Z 0-9 . _ -,"
            + " found 'chat.requests.mistral ai/7b'");
  }

  @Test
  void everyReplyTopicOfAClientIsAllowed() {
    assertThat(Topics.replies("c1", 0)).matches(Topics.ALLOWED_REPLY_TOPICS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chat.replies.",
        "chat.replies",
        "chatXreplies.a",
        "chat.requests.breeze",
        "x.chat.replies.a",
        "__consumer_offsets",
        ""
      })
  void otherTopicsAreNotAllowedForReplies(String name) {
    assertThat(name).doesNotMatch(Topics.ALLOWED_REPLY_TOPICS);
  }
}
