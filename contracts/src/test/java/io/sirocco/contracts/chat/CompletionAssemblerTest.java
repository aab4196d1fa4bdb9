package io.sirocco.contracts.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompletionAssemblerTest {
  private final CompletionAssembler assembler = new CompletionAssembler();

  @Test
  void chunksBecomeTheWholeAnswer() {
    assembler.append(chunk(choice(0, "A ", null)));
    assembler.append(chunk(choice(0, "wind", null)));
    assembler.append(chunk(choice(0, null, FinishReason.STOP)));
    assembler.append(end(Usage.of(4, 3)));

    assertThat(assembler.completion())
        .isEqualTo(new ChatCompletion(
            "r",
            ChatCompletion.OBJECT,
            9,
            "m",
            List.of(new ChatCompletion.Choice(
                0, ChatCompletion.Message.of("A wind"), FinishReason.STOP)),
            Usage.of(4, 3)));
  }

  @Test
  void choicesAreKeptApartAndStandInTheirOrder() {
    assembler.append(chunk(choice(1, "b", null)));
    assembler.append(chunk(choice(0, "a", null), choice(1, "B", FinishReason.LENGTH)));

    assertThat(assembler.completion().choices())
        .containsExactly(
            new ChatCompletion.Choice(0, ChatCompletion.Message.of("a"), null),
            new ChatCompletion.Choice(1, ChatCompletion.Message.of("bB"), FinishReason.LENGTH));
  }

  @Test
  void unfinishedAnswerHasNeitherReasonNorUsage() {
    assembler.append(chunk(choice(0, "A ", null)));

    assertThat(assembler.completion().usage()).isNull();
    assertThat(assembler.completion().choices())
        .containsExactly(new ChatCompletion.Choice(0, ChatCompletion.Message.of("A "), null));
  }

  @Test
  void characterSplitOverTwoChunksIsWhole() {
    assembler.append(chunk(choice(0, "\uD83C", null)));
    assembler.append(chunk(choice(0, "\uDF2C", null)));

    assertThat(assembler.completion().text()).isEqualTo("🌬");
  }

  @Test
  void nothingIsNoAnswer() {
    assertThatIllegalStateException()
        .isThrownBy(assembler::completion)
        .withMessage("expected at least one chunk, found none");
  }

  private static ChatChunk.Choice choice(
      int index, @Nullable String text, @Nullable FinishReason finishReason) {
    return new ChatChunk.Choice(index, new ChatChunk.Delta(null, text), finishReason);
  }

  private static ChatChunk chunk(ChatChunk.Choice... choices) {
    return new ChatChunk("r", ChatChunk.OBJECT, 9, "m", List.of(choices), null);
  }

  private static ChatChunk end(Usage usage) {
    return new ChatChunk("r", ChatChunk.OBJECT, 9, "m", List.of(), usage);
  }
}
