package io.sirocco.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.client.ReplyTopicMode;
import io.sirocco.contracts.topic.RequestIds;
import io.sirocco.gateway.auth.Caller;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChosenIdsTest {
  private static final Caller ANN = Caller.ofKeyless("ann");
  private static final Caller BOB = Caller.ofKeyless("bob");

  private final ChosenIds shared = new ChosenIds(ReplyTopicMode.SHARED);

  @Test
  void onASharedTopicUsersWithOneKeyHaveIdsOfTheirOwn() {
    assertThat(shared.of(ANN, "order-17"))
        .matches("order-17~[0-9a-f]{16}")
        .isEqualTo(shared.of(ANN, "order-17"))
        .isNotEqualTo(shared.of(BOB, "order-17"));
  }

  @Test
  void idsDoNotShowWhichAreOfOneUser() {
    assertThat(shared.of(ANN, "a").substring(1))
        .isNotEqualTo(shared.of(ANN, "b").substring(1));
  }

  @Test
  void idOfTheLongestKeyIsUsable() {
    assertThat(RequestIds.isUsable(shared.of(ANN, "k".repeat(180)))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SHARED")
  void onTopicsOfOnesOwnTheIdIsTheKey(ReplyTopicMode mode) {
    ChosenIds own = new ChosenIds(mode);

    assertThat(own.of(ANN, "order-17")).isEqualTo("order-17");
    assertThat(own.mayBeKey("order-17")).isFalse();
  }

  @Test
  void keysCanBeTakenForIdsAndIdsOfKeysCanNot() {
    assertThat(shared.mayBeKey("order-17")).isTrue();
    assertThat(shared.mayBeKey(shared.of(ANN, "order-17"))).isFalse();
  }
}
