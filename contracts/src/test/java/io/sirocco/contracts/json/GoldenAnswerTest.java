package io.sirocco.contracts.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenAnswerTest {
  private static final long CREATED = 1_754_000_000L;

  private final JsonCodec codec = new JsonCodec();

  @Test
  void deltaChunkCarriesRoleAndText() throws Exception {
    ChatChunk chunk = read("chunk-delta", ChatChunk.class);

    assertThat(chunk)
        .isEqualTo(new ChatChunk(
            "r-1",
            ChatChunk.OBJECT,
            CREATED,
            "breeze-7b",
            List.of(new ChatChunk.Choice(0, new ChatChunk.Delta("assistant", "A mistral"), null)),
            null));
  }

  @Test
  void finishChunkCarriesTheReasonAndNoText() throws Exception {
    ChatChunk chunk = read("chunk-finish", ChatChunk.class);

    assertThat(chunk.choices())
        .containsExactly(
            new ChatChunk.Choice(0, new ChatChunk.Delta(null, null), FinishReason.LENGTH));
    assertThat(chunk.usage()).isNull();
  }

  @Test
  void endChunkCarriesUsageAndNoChoice() throws Exception {
    ChatChunk chunk = read("chunk-end", ChatChunk.class);

    assertThat(chunk.choices()).isEmpty();
    assertThat(chunk.usage()).isEqualTo(new Usage(11, 5, 16, null, null));
    assertThat(chunk.usage()).isEqualTo(Usage.of(11, 5));
  }

  @Test
  void completionIsTheWholeAnswer() throws Exception {
    ChatCompletion completion = read("completion", ChatCompletion.class);

    assertThat(completion)
        .isEqualTo(new ChatCompletion(
            "r-1",
            ChatCompletion.OBJECT,
            CREATED,
            "breeze-7b",
            List.of(new ChatCompletion.Choice(
                0, ChatCompletion.Message.of("A mistral is a wind."), FinishReason.STOP)),
            Usage.of(11, 5)));
    assertThat(completion.text()).isEqualTo("A mistral is a wind.");
  }

  @Test
  void errorNamesTheFieldAndACodeInText() throws Exception {
    ErrorBody body = read("error", ErrorBody.class);

    assertThat(body)
        .isEqualTo(ErrorBody.of(
            ErrorCode.INVALID_VALUE,
            "expected a number from 0 to 2, found 3.0",
            "temperature",
            null));
  }

  @Test
  void errorWithoutAFieldSaysSoAndCarriesTheUsage() throws Exception {
    ErrorBody body = read("error-with-usage", ErrorBody.class);

    assertThat(body)
        .isEqualTo(ErrorBody.of(ErrorCode.SERVER_ERROR, "the model failed", null, Usage.of(11, 2)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunk-delta", "chunk-finish", "chunk-end"})
  void chunkIsWrittenAsItWasRead(String name) throws Exception {
    assertThat(codec.write(read(name, ChatChunk.class))).isEqualTo(GoldenJson.v1(name));
  }

  @Test
  void cachedTokensAreToldApart() throws Exception {
    ChatChunk chunk = read("chunk-end-cached", ChatChunk.class);

    assertThat(chunk.usage()).isEqualTo(Usage.of(1117, 1024, 46));
    assertThat(codec.write(chunk)).isEqualTo(GoldenJson.v1("chunk-end-cached"));
  }

  @Test
  void completionSaysWhatItLacks() throws Exception {
    ChatCompletion older = read("completion", ChatCompletion.class);

    assertThat(read("completion-null-logprobs", ChatCompletion.class)).isEqualTo(older);
    assertThat(read("completion-null-refusal", ChatCompletion.class)).isEqualTo(older);
    assertThat(codec.write(older)).isEqualTo(GoldenJson.v1("completion-null-refusal"));
  }

  @Test
  void logprobsSayThatNothingWasRefused() throws Exception {
    ChatChunk older = read("chunk-logprobs", ChatChunk.class);

    assertThat(read("chunk-logprobs-refusal", ChatChunk.class)).isEqualTo(older);
    assertThat(codec.write(older)).isEqualTo(GoldenJson.v1("chunk-logprobs-refusal"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"error", "error-with-usage"})
  void errorIsWrittenAsItWasRead(String name) throws Exception {
    assertThat(codec.write(read(name, ErrorBody.class))).isEqualTo(GoldenJson.v1(name));
  }

  @Test
  void fieldsOfALaterVersionAreNoFault() throws Exception {
    String later = GoldenJson.v1("chunk-end")
        .replace("{\"prompt_tokens\"", "{\"cached_tokens\":3,\"prompt_tokens\"")
        .replace("{\"id\"", "{\"system_fingerprint\":\"x\",\"id\"");

    assertThat(codec.read(later, ChatChunk.class)).isEqualTo(read("chunk-end", ChatChunk.class));
  }

  private <T> T read(String name, Class<T> type) throws MalformedJsonException {
    return codec.read(GoldenJson.v1(name), type);
  }
}
