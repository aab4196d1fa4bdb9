package io.sirocco.worker.prompt;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.ModelFolder;
import io.sirocco.worker.model.folder.TokenizerConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The template with which a model was taught conversations, in Jinja.
 *
 * <p>Messages are values to it, never source: what looks like Jinja in them is text. Where the
 * template has no system role, or one for the first message alone, the others are put before the user
 * message after them with a blank line between.
 *
 * <p>Immutable and thread-safe.
 */
public final class ChatTemplate {
  private static final String PROBE = "sirocco-probe";

  private static final ChatMessage SYSTEM = ChatMessage.system(PROBE);
  private static final List<ChatMessage> DIALOGUE =
      List.of(ChatMessage.user("?"), ChatMessage.assistant("!"), ChatMessage.user("?"));
  private static final List<ChatMessage> LATER_SYSTEM =
      List.of(ChatMessage.user("?"), ChatMessage.assistant("!"), SYSTEM, ChatMessage.user("?"));

  private final Jinjava jinja;
  private final String source;
  private final TokenizerConfig config;
  private final boolean takesFirstSystem;
  private final boolean takesAnySystem;

  private ChatTemplate(TokenizerConfig config) throws TemplateFaultException {
    this.config = config;
    source = FilteredLoops.resolve(TemplateWhitespace.resolve(config.chatTemplate()));
    jinja = new Jinjava(JinjavaConfig.newBuilder()
        .withNestedInterpretationEnabled(false)
        .withElResolver(PythonStrings.before(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY))
        .build());
    jinja.getGlobalContext().registerFilter(new PythonTrim());
    jinja
        .getGlobalContext()
        .registerFunction(new ELFunctionDefinition(
            "", "raise_exception", ChatTemplate.class, "raise", Object.class));
    takesFirstSystem = renders(List.of(SYSTEM, ChatMessage.user("?")));
    takesAnySystem = takesFirstSystem && renders(LATER_SYSTEM);
    renderSource(List.of(ChatMessage.user(PROBE)), true);
    renderSource(DIALOGUE, true);
    renderSource(
        withFoldedSystem(Stream.concat(Stream.of(SYSTEM), DIALOGUE.stream()).toList()), true);
  }

  /** Reads a folder's template and tries it. */
  public static ChatTemplate load(ModelFolder folder) throws ModelLoadException {
    try {
      return new ChatTemplate(folder.tokenizerConfig());
    } catch (TemplateFaultException | TemplateRaisedException e) {
      throw new ModelLoadException(
          "%s: expected a chat template that renders a conversation: %s"
              .formatted(folder.path(), e.getMessage()),
          e);
    }
  }

  /** What {@code raise_exception} calls in a template; public for the template library only. */
  @SuppressWarnings("DoNotCallSuggester") // Templates call it, and must.
  public static String raise(Object message) {
    throw new TemplateRaisedException(String.valueOf(message));
  }

  private boolean renders(List<ChatMessage> probe) throws TemplateFaultException {
    try {
      return renderSource(probe, true).contains(PROBE);
    } catch (TemplateRaisedException e) {
      return false;
    }
  }

  /**
   * Renders a conversation.
   *
   * @param messages checked: each has a role and content
   * @param answerBegins whether the template is to end where an answer begins
   * @throws InvalidRequestException when the template refuses the conversation
   * @throws ChatTemplateException when the template fails on it
   */
  String render(List<ChatMessage> messages, boolean answerBegins) throws InvalidRequestException {
    try {
      return renderSource(withFoldedSystem(messages), answerBegins);
    } catch (TemplateRaisedException e) {
      throw new InvalidRequestException(ErrorCode.INVALID_VALUE, "messages", e.reason());
    } catch (TemplateFaultException e) {
      throw new ChatTemplateException("the chat template failed: " + e.getMessage());
    }
  }

  private List<ChatMessage> withFoldedSystem(List<ChatMessage> messages) {
    return takesAnySystem ? messages : SystemFold.apply(messages, takesFirstSystem);
  }

  private String renderSource(List<ChatMessage> messages, boolean answerBegins)
      throws TemplateFaultException {
    Map<String, Object> bindings = Map.of(
        "messages", messages.stream().map(ChatTemplate::binding).toList(),
        "bos_token", config.bosToken(),
        "eos_token", config.eosToken(),
        "add_generation_prompt", answerBegins);
    RenderResult result = render(bindings);
    for (TemplateError error : result.getErrors()) {
      for (Throwable e = error.getException(); e != null; e = e.getCause()) {
        if (e instanceof TemplateRaisedException raised) {
          throw raised;
        }
      }
    }
    if (!result.getErrors().isEmpty()) {
      TemplateError first = result.getErrors().get(0);
      throw new TemplateFaultException(first.getReason() + " in line " + first.getLineno());
    }
    return result.getOutput();
  }

  private RenderResult render(Map<String, Object> bindings) throws TemplateFaultException {
    try {
      return jinja.renderForResult(source, bindings);
    } catch (RuntimeException e) { // Most faults come with the result, but not all.
      throw new TemplateFaultException(e.getClass().getSimpleName());
    }
  }

  private static Map<String, Object> binding(ChatMessage message) {
    Map<String, Object> binding = new LinkedHashMap<>();
    binding.put("role", Objects.requireNonNull(message.role()));
    binding.put("content", Objects.requireNonNull(message.content()).text());
    Object toolCall = message.extra().get(MessageFields.TOOL_CALL_ID);
    if (toolCall != null) {
      binding.put(MessageFields.TOOL_CALL_ID, toolCall);
    }
    return binding;
  }

  /** The template itself is at fault. The message holds nothing of a conversation. */
  private static final class TemplateFaultException extends Exception {
    private static final long serialVersionUID = 1L;

    TemplateFaultException(String message) {
      super(message);
    }
  }
}
