package io.sirocco.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.MessageContent;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.tokenizer.huggingface.HuggingFaceTokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {
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
  void oldTemplatesRenderAsHuggingFaceDoes() throws Exception {
    List<ChatMessage> messages =
        List.of(ChatMessage.user("Hi"), ChatMessage.assistant("Yo"), ChatMessage.user("Why?"));
    assertThat(encoder("alternating.jinja").encode(messages))
        .isEqualTo(tokenizer.encodeTrusted("<s>[INST] Hi [/INST]Yo</s> [INST] Why? [/INST]"));
    assertThat(encoder("mixtral-like.jinja").encode(messages))
        .isEqualTo(tokenizer.encodeTrusted("<s> [INST] Hi [/INST] Yo</s> [INST] Why? [/INST]"));
  }

  @Test
  void newerTemplatesWithNamespacesAndToolAnswersRender() throws Exception {
    PromptEncoder encoder = encoder("tool-aware.jinja");
    ChatMessage answer =
        new ChatMessage("tool", MessageContent.ofText("7"), Map.of("tool_call_id", "abcdef123"));

    assertThat(encoder.encode(List.of(
            ChatMessage.system("Be brief."),
            ChatMessage.user("Hi"),
            ChatMessage.assistant(" Yo "),
            answer,
            ChatMessage.user("Why?"))))
        .isEqualTo(tokenizer.encodeTrusted(
            "<s>[INST] Hi[/INST] Yo</s>[TOOL_RESULTS] 7 of abcdef123[/TOOL_RESULTS]"
                + "[INST] Be brief.\n\nWhy?[/INST]"));
    RefusedPrompt.assertInvalid(
        encoder,
        List.of(ChatMessage.user("Hi"), new ChatMessage("tool", MessageContent.ofText("7"))),
        ErrorCode.INVALID_VALUE,
        "messages",
        "A tool's answer names its call in 9 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"alternating.jinja", "mixtral-like.jinja"})
  void systemMessageIsFoldedWhereTheTemplateHasNone(String template) throws Exception {
    PromptEncoder encoder = encoder(template);
    assertThat(encoder.encode(List.of(ChatMessage.system("Be brief."), ChatMessage.user("Hi"))))
        .isEqualTo(encoder.encode(List.of(ChatMessage.user("Be brief.\n\nHi"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"alternating.jinja", "mixtral-like.jinja"})
  void rolesThatDoNotAlternateAreTheTemplatesRefusal(String template) throws Exception {
    PromptEncoder encoder = encoder(template);
    RefusedPrompt.assertInvalid(
        encoder,
        List.of(ChatMessage.user("a"), ChatMessage.user("b")),
        ErrorCode.INVALID_VALUE,
        "messages",
        "Roles must take turns, user first");
    RefusedPrompt.assertInvalid(
        encoder,
        List.of(ChatMessage.system("a"), ChatMessage.assistant("b")),
        ErrorCode.INVALID_VALUE,
        "messages",
        "Roles must take turns, user first");
  }

  @Test
  void demoTemplateRefusesRolesThatDoNotAlternate() {
    RefusedPrompt.assertInvalid(
        demo,
        List.of(ChatMessage.assistant("a")),
        ErrorCode.INVALID_VALUE,
        "messages",
        "Conversation roles must alternate");
  }

  @Test
  void templateFileIsPreferredAndTokensMayBeObjects() throws Exception {
    PromptEncoder encoder = encoder("alternating.jinja");
    CheckpointFolders.replace(
        folder.resolve("tokenizer_config.json"),
        "\"bos_token\": \"<s>\"",
        "\"bos_token\": {\"content\": \"<s>\"}");
    PromptEncoder withObject =
        new PromptEncoder(ChatTemplate.load(ModelFolder.open(folder)), tokenizer);
    List<ChatMessage> messages = List.of(ChatMessage.user("Hi"), ChatMessage.assistant("Yo"));
    assertThat(withObject.encode(messages)).isEqualTo(encoder.encode(messages));
    assertThat(withObject.encode(messages)).isNotEqualTo(demo.encode(messages));
  }

  @Test
  void defaultOfNamedTemplatesIsUsed() throws Exception {
    Files.writeString(TemplateFolders.copyOfDemo(folder).resolve("tokenizer_config.json"), """
        {"bos_token": "<s>", "eos_token": null, "chat_template": [
          {"name": "tool_use", "template": "wrong"},
          {"name": "default", "template": "{{ bos_token }}{{ messages[0].content }}"}]}
        """);
    ChatTemplate template = ChatTemplate.load(ModelFolder.open(folder));
    assertThat(template.render(List.of(ChatMessage.user("right")), true)).isEqualTo("<s>right");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% if %}",
        "{{ no_such_function() }}",
        "{{ raise_exception('never') }}",
        "{% for m in messages %}{% if m.role == 'assistant' %}{{ no_such_function() }}{% endif %}{% endfor %}",
        "{% for m in messages %}{% if m.role == 'assistant' %}{{ raise_exception('no') }}{% endif %}{% endfor %}",
        "{% if messages[0].role == 'system' and messages[2] %}{{ no_such_function() }}{% else %}{{ messages[0].content }}{% endif %}",
        "{{ messages[0].content.no_such_method() }}"
      })
  void templateThatCannotRenderIsFoundAtLoad(String template) throws Exception {
    Files.writeString(TemplateFolders.copyOfDemo(folder).resolve("chat_template.jinja"), template);
    assertThatThrownBy(() -> ChatTemplate.load(ModelFolder.open(folder)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith(folder + ": expected a chat template")
        .hasMessageNotContaining("\n");
  }

  @Test
  void templateThatFailsLaterRepeatsNothingOfTheConversation() throws Exception {
    Files.writeString(
        TemplateFolders.copyOfDemo(folder).resolve("chat_template.jinja"),
        "{% if messages[0].content == 'secret' %}{{ no_such_function(messages[0].content) }}"
            + "{% endif %}{{ messages[0].content }}");
    ChatTemplate template = ChatTemplate.load(ModelFolder.open(folder));

    assertThat(template.render(List.of(ChatMessage.user("fine")), true)).isEqualTo("fine");
    assertThatThrownBy(() -> template.render(List.of(ChatMessage.user("secret")), true))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessageStartingWith("the chat template failed: ")
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void folderWithoutTemplateIsNamed() throws Exception {
    Files.writeString(TemplateFolders.copyOfDemo(folder).resolve("tokenizer_config.json"), "{}");
    assertThatThrownBy(() -> ChatTemplate.load(ModelFolder.open(folder)))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageStartingWith(folder + ": expected a chat template in ");
  }

  private PromptEncoder encoder(String template) throws Exception {
    return TemplateFolders.encoder(folder, template, tokenizer);
  }
}
