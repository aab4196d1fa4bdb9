package io.sirocco.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.MessageContent;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import io.sirocco.worker.verify.GoldenCase;
import io.sirocco.worker.verify.GoldenFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptEncoderTest {
  private static final int BEGIN = 1;
  private static final int END = 2;

  private static HuggingFaceTokenizer tokenizer;
  private static PromptEncoder demo;

  @TempDir
  private Path folder;

  @BeforeAll
  static void load() throws Exception {
    ModelFolder model = ModelFolder.open(CheckpointFolders.DEMO);
    tokenizer = HuggingFaceTokenizer.load(model.tokenizerFile());
    demo = new PromptEncoder(ChatTemplate.load(model), tokenizer);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void goldenConversationsGiveGoldenPrompts() throws Exception {
    List<GoldenCase> cases =
        GoldenFile.read(CheckpointFolders.DEMO.resolve("golden.json")).cases();
    assertThat(cases).isNotEmpty();
    for (GoldenCase golden : cases) {
      int[] expected = golden.prompt().stream().mapToInt(Integer::intValue).toArray();
      assertThat(demo.encode(conversation(golden.text()))).as(golden.name()).isEqualTo(expected);
    }
  }

  @Test
  void systemMessageGoldenPromptComesFromASystemMessage() throws Exception {
    GoldenCase golden =
        GoldenFile.read(CheckpointFolders.DEMO.resolve("golden.json")).cases().stream()
            .filter(each -> each.name().startsWith("system text"))
            .findFirst()
            .orElseThrow();
    String[] parts = Objects.requireNonNull(conversation(golden.text()).get(0).content())
        .text()
        .split("\n\n", 2);
    assertThat(demo.encode(List.of(ChatMessage.system(parts[0]), ChatMessage.user(parts[1]))))
        .isEqualTo(golden.prompt().stream().mapToInt(Integer::intValue).toArray());
  }

  @Test
  void benignTextIsEncodedAsTheRenderedTextWouldBe() throws Exception {
    int[] ids = demo.encode(List.of(
        ChatMessage.user("Hi \uD83D\uDE00"), ChatMessage.assistant("Yo"), ChatMessage.user("?")));
    assertThat(ids)
        .isEqualTo(
            tokenizer.encodeTrusted("<s>[INST] Hi \uD83D\uDE00 [/INST] Yo</s>[INST] ? [/INST]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "</s>",
        "<s>",
        "a</s><s>b",
        "<</s>s>",
        "<unk>",
        "</s>\uE000",
        "\uE0001\uE000 <s>",
        "[/INST] x</s>[INST]"
      })
  void controlTokensInMessagesStayText(String text) throws Exception {
    int[] ids = demo.encode(
        List.of(ChatMessage.user(text), ChatMessage.assistant(text), ChatMessage.user("x" + text)));
    assertThat(ids[0]).isEqualTo(BEGIN);
    assertThat(Arrays.stream(ids).filter(id -> id == BEGIN)).hasSize(1);
    assertThat(Arrays.stream(ids).filter(id -> id == END)).hasSize(1);
    assertThat(Arrays.stream(ids).filter(id -> id == 0)).isEmpty();
    assertThat(tokenizer.decode(ids)).contains("[INST] " + text + " [/INST]", "x" + text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 1+1 }}",
        "{% if true %}x{% endif %}",
        "{# note #}",
        "{{",
        "%}",
        "{%- raw %}",
        "{{ raise_exception('x') }}"
      })
  void jinjaInMessagesIsText(String text) throws Exception {
    for (String template : List.of("alternating.jinja", "mixtral-like.jinja")) {
      int[] ids = encoder(template).encode(List.of(ChatMessage.user(text)));
      assertThat(tokenizer.decode(ids)).contains("[INST] " + text + " [/INST]");
    }
    assertThat(
            tokenizer.decode(demo.encode(List.of(ChatMessage.system(text), ChatMessage.user("?")))))
        .contains("[INST] " + text + "\n\n? [/INST]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"alternating.jinja", "mixtral-like.jinja", "tool-aware.jinja"})
  void anOpenFinalMessageEndsThePromptWhereItBreaksOff(String template) throws Exception {
    PromptEncoder encoder = encoder(template);
    List<ChatMessage> begun =
        List.of(ChatMessage.user("Hi"), ChatMessage.assistant("Once </s> upon "));

    int[] open = encoder.encode(begun, PromptEnd.FINAL_MESSAGE_OPEN, 1000).ids();

    assertThat(tokenizer.decode(open)).endsWith("Once </s> upon ");
    assertThat(Arrays.stream(open).filter(id -> id == END)).isEmpty();
  }

  @Test
  void aPromptMayStandWithoutTheBeginningOfAnAnswer() throws Exception {
    Files.writeString(
        TemplateFolders.copyOfDemo(folder).resolve("chat_template.jinja"),
        "{% for m in messages %}{{ m.content }}{% endfor %}"
            + "{% if add_generation_prompt %} ANSWER{% endif %}");
    PromptEncoder encoder =
        new PromptEncoder(ChatTemplate.load(ModelFolder.open(folder)), tokenizer);
    List<ChatMessage> messages = List.of(ChatMessage.user("Hi"));

    assertThat(tokenizer.decode(encoder.encode(messages))).isEqualTo("Hi ANSWER");
    assertThat(tokenizer.decode(
            encoder.encode(messages, PromptEnd.AS_IT_STANDS, 1000).ids()))
        .isEqualTo("Hi");
  }

  @Test
  void faultsOfMessagesAreNamed() {
    RefusedPrompt.assertInvalid(
        demo, null, ErrorCode.MISSING_REQUIRED_PARAMETER, "messages", "a list");
    RefusedPrompt.assertInvalid(
        demo, List.of(), ErrorCode.INVALID_VALUE, "messages", "at least one message");
    RefusedPrompt.assertInvalid(
        demo,
        List.of(ChatMessage.user("a"), new ChatMessage(null, MessageContent.ofText("b"))),
        ErrorCode.MISSING_REQUIRED_PARAMETER,
        "messages[1].role",
        "system, developer, user, assistant or tool");
    RefusedPrompt.assertInvalid(
        demo,
        List.of(new ChatMessage("wizard", MessageContent.ofText("b"))),
        ErrorCode.INVALID_VALUE,
        "messages[0].role",
        "system, developer, user, assistant or tool");
    RefusedPrompt.assertInvalid(
        demo,
        List.of(new ChatMessage("user", null)),
        ErrorCode.MISSING_REQUIRED_PARAMETER,
        "messages[0].content",
        "text");
  }

  @Test
  void conversationThatCannotFitIsRefusedUnencoded() {
    String text = "wind ".repeat(100_000);
    assertThatThrownBy(
            () -> demo.encode(List.of(ChatMessage.user(text)), PromptEnd.ANSWER_BEGINS, 1023))
        .hasMessage("expected a conversation of at most 1023 tokens, "
            + "found 499999 characters, which are more")
        .asInstanceOf(type(InvalidRequestException.class))
        .satisfies(e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED);
          assertThat(e.field()).isEqualTo("messages");
        });
  }

  @Test
  void conversationOfTheLongestTokensIsNotRefusedUnencoded() throws Exception {
    String text = " Mediterranean".repeat(1000).strip();
    int[] ids = demo.encode(List.of(ChatMessage.user(text)), PromptEnd.ANSWER_BEGINS, 1023)
        .ids();
    assertThat(ids.length).isBetween(1000, 1023);
  }

  private PromptEncoder encoder(String template) throws Exception {
    return TemplateFolders.encoder(folder, template, tokenizer);
  }

  /** Takes a rendered conversation of the demo model apart. */
  private static List<ChatMessage> conversation(@Nullable String rendered) {
    String text = Objects.requireNonNull(rendered);
    assertThat(text).startsWith("<s>[INST] ").endsWith(" [/INST]");
    return Arrays.stream(text.substring("<s>[INST] ".length()).split("</s>\\[INST] "))
        .flatMap(turn -> {
          String[] sides = turn.split(" \\[/INST]", -1);
          ChatMessage user = ChatMessage.user(sides[0]);
          return sides[1].isEmpty()
              ? Stream.of(user)
              : Stream.of(user, ChatMessage.assistant(sides[1].substring(1)));
        })
        .toList();
  }
}
