package io.sirocco.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.MessageContent;
import io.sirocco.worker.model.folder.ModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Conversations as Jinja2 itself, set up as HuggingFace's library does, renders them. The templates are
 * built as those of the model families are, with texts of their own.
 */
class TemplateRenderingTest {
  private static final Path TEMPLATES = Path.of("src/test/resources/templates");

  @TempDir
  private Path folder;

  private static List<JsonNode> renderings() throws Exception {
    return JsonMapper.shared()
        .readTree(Files.readAllBytes(TEMPLATES.resolve("renderings.json")))
        .valueStream()
        .toList();
  }

  @ParameterizedTest
  @MethodSource("renderings")
  void conversationIsThatOfJinja2(JsonNode rendering) throws Exception {
    Files.copy(
        TEMPLATES.resolve(rendering.get("template").stringValue()),
        TemplateFolders.copyOfDemo(folder).resolve("chat_template.jinja"),
        StandardCopyOption.REPLACE_EXISTING);
    ChatTemplate template = ChatTemplate.load(ModelFolder.open(folder));

    List<ChatMessage> messages = new ArrayList<>();
    rendering.get("messages").forEach(message -> messages.add(message(message)));
    assertThat(template.render(messages, true)).isEqualTo(rendering.get("text").stringValue());
  }

  private static ChatMessage message(JsonNode message) {
    JsonNode call = message.get("tool_call_id");
    return new ChatMessage(
        message.get("role").stringValue(),
        MessageContent.ofText(message.get("content").stringValue()),
        call == null ? Map.of() : Map.of("tool_call_id", call.stringValue()));
  }
}
