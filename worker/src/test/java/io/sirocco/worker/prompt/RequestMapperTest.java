package io.sirocco.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.tokenizer.Tokenizer;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestMapperTest {
  private static final int CONTEXT = 1024;
  private static final int VOCABULARY = 2560;

  private PromptEncoder prompts;
  private RequestMapper mapper;

  @BeforeAll
  void loadTokenizer() throws Exception {
    ModelFolder folder = ModelFolder.open(Path.of("..", "deploy", "models", "demo"));
    Tokenizer tokenizer = HuggingFaceTokenizer.load(folder.tokenizerFile());
    prompts = new PromptEncoder(ChatTemplate.load(folder), tokenizer);
    mapper = new RequestMapper(prompts, CONTEXT, VOCABULARY);
  }

  @Test
  void withoutSeedTheRequestIdDecides() throws Exception {
    long seed = map("").sampling().seed();

    assertThat(seed).isNotNegative().isEqualTo(map("").sampling().seed());
    assertThat(mapper.map(request(""), "another").sampling().seed()).isNotEqualTo(seed);
  }

  @Test
  void aPromptThatFillsTheContextLeavesNoRoomForAnAnswer() throws Exception {
    int length = map("").promptIds().length;

    assertThat(new RequestMapper(prompts, length + 1, VOCABULARY)
            .map(request(""), "id")
            .maxNewTokens())
        .isEqualTo(1);
    assertThatThrownBy(() -> new RequestMapper(prompts, length, VOCABULARY).map(request(""), "id"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            fault -> assertThat(fault.code()).isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tool_calls\":[{\"id\":\"a\"}]",
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
  void absentMessagesAreMissing() {
    assertRefused("{}", ErrorCode.MISSING_REQUIRED_PARAMETER, "messages");
  }

  @Test
  void aPromptAloneMayFillTheContext() throws Exception {
    int length = map("").promptIds().length;
    RequestMapper narrow = new RequestMapper(prompts, length, VOCABULARY);

    assertThat(narrow.map(request("\"max_tokens\":0,"), "id").maxNewTokens()).isZero();
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
