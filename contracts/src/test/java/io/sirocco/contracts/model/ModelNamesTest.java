package io.sirocco.contracts.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNamesTest {
  @Test
  void nameAndAliasesAreKnownInAnyCase() {
    ModelNames names = new ModelNames("breeze-7b", List.of("winds/Breeze-7B"));

    assertThat(names.includes("breeze-7b")).isTrue();
    assertThat(names.includes("BREEZE-7b")).isTrue();
    assertThat(names.includes("winds/breeze-7b")).isTrue();
    assertThat(names.includes("breeze")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "winds/breeze", "two words", "breeze-dlt"})
  void nameThatATopicCannotHaveIsRefused(String name) {
    assertThatThrownBy(() -> ModelNames.of(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found '" + name + "'");
  }

  @Test
  void nameThatLeavesNoRoomForItsTopicsIsRefused() {
    assertThat(ModelNames.of("x".repeat(231)).name()).hasSize(231);
    assertThatThrownBy(() -> ModelNames.of("x".repeat(232)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void emptyAliasIsRefused() {
    assertThatThrownBy(() -> new ModelNames("breeze", List.of(" ")))
        .hasMessageContaining("found an empty one");
  }
}
