package io.sirocco.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.sampling.SamplingParameters;
import io.sirocco.worker.tokenizer.Tokenizer;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestMapperTest {
  private static final int CONTEXT = 1024;
  private static final int VOCABULARY = 2560;

  private RequestMapper mapper;

  @BeforeAll
  void loadTokenizer() throws Exception {
    ModelFolder folder = ModelFolder.open(Path.of("..", "deploy", "models", "demo"));
    Tokenizer tokenizer = HuggingFaceTokenizer.load(folder.tokenizerFile());
    mapper = new RequestMapper(
        new PromptEncoder(ChatTemplate.load(folder), tokenizer), CONTEXT, VOCABULARY);
  }

  @Test
  void absentFieldsHaveTheirDefaults() throws Exception {
    GenerationSpec spec = map("");

    assertThat(spec.sampling().temperature()).isEqualTo(1);
    assertThat(spec.sampling().topP()).isEqualTo(1);
    assertThat(spec.sampling().topK()).isZero();
    assertThat(spec.sampling().minP()).isZero();
    assertThat(spec.stop().texts()).isEmpty();
    assertThat(spec.form().stream()).isFalse();
    assertThat(spec.maxNewTokens()).isEqualTo(CONTEXT - spec.promptIds().length);
  }

  @Test
  void whatIsSaidIsTaken() throws Exception {
    GenerationSpec spec =
        map("\"temperature\":0.5,\"top_p\":0.25,\"top_k\":7,\"min_p\":0.125,\"seed\":9,"
            + "\"max_tokens\":11,\"stop\":\"x\",\"stream\":true,");

    assertThat(spec.sampling())
        .isEqualTo(SamplingParameters.builder()
            .temperature(0.5)
            .topK(7)
            .topP(0.25)
            .minP(0.125)
            .seed(9)
            .build());
    assertThat(spec.maxNewTokens()).isEqualTo(11);
    assertThat(spec.stop().texts()).containsExactly("x");
    assertThat(spec.form().stream()).isTrue();
  }

  @Test
  void computationIsSharedWithThoseOfTheSameSaltUnlessItIsNotWanted() throws Exception {
    assertThat(map("").cache()).isEqualTo(new CacheFields(true, null));
    assertThat(map("\"cache_salt\":\"team-a\",").cache())
        .isEqualTo(new CacheFields(true, "team-a"));
    assertThat(map("\"use_cache\":false,").cache()).isEqualTo(new CacheFields(false, null));
    assertThat(map("\"use_cache\":true,\"cache_salt\":\"a\",").warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"cache_salt\":\"\",", "\"cache_salt\":7,", "\"use_cache\":\"no\","})
  void whatSaysNothingAboutSharingIsAnError(String fields) {
    assertThatThrownBy(() -> map(fields))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void theNewerNameOfTheLengthWins() throws Exception {
    assertThat(map("\"max_tokens\":11,\"max_completion_tokens\":5,").maxNewTokens())
        .isEqualTo(5);
  }

  @Test
  void withoutSeedTheRequestIdDecides() throws Exception {
    long seed = map("").sampling().seed();

    assertThat(seed).isNotNegative().isEqualTo(map("").sampling().seed());
    assertThat(mapper.map(request(""), "another").sampling().seed()).isNotEqualTo(seed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "temperature | -0.1 | expected a number from 0 to 2, found -0.1",
        "temperature | 2.1 | expected a number from 0 to 2, found 2.1",
        "top_p | 0 | expected a number above 0 and at most 1, found 0.0",
        "top_p | 1.01 | expected a number from 0 to 1, found 1.01",
        "top_k | -2 | expected a whole number from -1 to 999, found -2",
        "top_k | 1000 | expected a whole number from -1 to 999, found 1000",
        "min_p | -0.5 | expected a number from 0 to 1, found -0.5",
        "min_p | 1.5 | expected a number from 0 to 1, found 1.5",
        "max_tokens | 0 | expected a whole number from 1 to 1000000, found 0",
        "max_completion_tokens | 1000001 | expected a whole number from 1 to 1000000, found 1000001",
        "seed | -1 | expected a whole number from 0 to 9223372036854775807, found -1",
        "stop | [\"a\",\"b\",\"c\",\"d\",\"e\"] | expected at most 4 texts, found 5",
      })
  void aValueOneStepOutsideIsNamedWithItsRange(String field, String value, String message) {
    assertThatThrownBy(() -> map("\"" + field + "\":" + value + ","))
        .isInstanceOfSatisfying(InvalidRequestException.class, fault -> {
          assertThat(fault.code()).isEqualTo(ErrorCode.INVALID_VALUE);
          assertThat(fault.field()).isEqualTo(field);
          assertThat(fault).hasMessage(message);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "temperature, 0",
    "temperature, 2",
    "top_p, 1",
    "top_p, 1e-9",
    "top_k, -1",
    "top_k, 999",
    "min_p, 0",
    "min_p, 1",
    "max_tokens, 1",
    "max_tokens, 1000000",
    "seed, 9223372036854775807"
  })
  void bothEndsOfARangeAreTaken(String field, String value) throws Exception {
    assertThat(map("\"" + field + "\":" + value + ",").warnings()).isEmpty();
  }

  @Test
  void anEmptyStopTextIsNamedByItsPlace() {
    assertThatThrownBy(() -> map("\"stop\":[\"a\",\"\"],"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, fault -> assertThat(fault.field()).isEqualTo("stop[1]"));
  }

  @Test
  void aPromptThatFillsTheContextLeavesNoRoomForAnAnswer() throws Exception {
    int length = map("").promptIds().length;
    ModelFolder folder = ModelFolder.open(Path.of("..", "deploy", "models", "demo"));
    Tokenizer tokenizer = HuggingFaceTokenizer.load(folder.tokenizerFile());
    PromptEncoder prompts = new PromptEncoder(ChatTemplate.load(folder), tokenizer);

    assertThat(new RequestMapper(prompts, length + 1, VOCABULARY)
            .map(request(""), "id")
            .maxNewTokens())
        .isEqualTo(1);
    assertThatThrownBy(() -> new RequestMapper(prompts, length, VOCABULARY).map(request(""), "id"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            fault -> assertThat(fault.code()).isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED));
  }

  @Test
  void absentMessagesAreMissingAndEmptyOnesAreNot() {
    assertRefused("{}", ErrorCode.MISSING_REQUIRED_PARAMETER, "messages");
    assertRefused("{\"messages\":null}", ErrorCode.MISSING_REQUIRED_PARAMETER, "messages");
    assertRefused("{\"messages\":[]}", ErrorCode.INVALID_VALUE, "messages");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tool_calls\":[{\"id\":\"a\"}]",
        "\"tool_call_id\":\"a\"",
        "\"function_call\":{\"name\":\"a\"}",
        "\"audio\":{\"id\":\"a\"}"
      })
  void partOfAMessageThatCannotBeFollowedIsAnError(String member) {
    String name = member.substring(1, member.indexOf('"', 1));

    assertRefused(
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",%s}]}"
            .formatted(member),
        ErrorCode.UNSUPPORTED_PARAMETER,
        "messages[1]." + name);
  }

  @Test
  void partOfAMessageThatAsksForNothingIsPassedOver() throws Exception {
    assertThat(
            mapMessage("\"name\":\"ann\",\"tool_calls\":[],\"tool_call_id\":null,\"refusal\":null")
                .warnings())
        .isEmpty();
  }

  @Test
  void partOfAMessageThatNobodyKnowsIsNamedWithItsPlace() throws Exception {
    assertThat(mapMessage("\"contents\":\"hello\"").warnings())
        .containsExactly("messages[0].contents");
  }

  private GenerationSpec mapMessage(String member) throws Exception {
    String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\",%s}]}".formatted(member);
    return mapper.map(new JsonCodec().read(body, ChatRequest.class), "id");
  }

  private void assertRefused(String body, ErrorCode code, String field) {
    assertThatThrownBy(() -> mapper.map(new JsonCodec().read(body, ChatRequest.class), "id"))
        .isInstanceOfSatisfying(InvalidRequestException.class, fault -> {
          assertThat(fault.code()).isEqualTo(code);
          assertThat(fault.field()).isEqualTo(field);
        });
  }

  private GenerationSpec map(String fields) throws Exception {
    return mapper.map(request(fields), "id");
  }

  private static ChatRequest request(String fields) throws Exception {
    String body = "{" + fields + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    return new JsonCodec().read(body, ChatRequest.class);
  }
}
