package io.sirocco.worker.prompt;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.MessageContent;
import io.sirocco.contracts.error.InvalidRequestException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields that say how the answer follows on the conversation.
 *
 * <p>Immutable.
 *
 * @param end how the prompt ends
 * @param echoed what stands before the answer
 */
record ContinuationFields(PromptEnd end, String echoed) {
  private static final RequestField<Boolean> CONTINUE = FieldKinds.flag(
      "continue_final_message",
      false,
      "The answer goes on where the final message, the assistant's, breaks off.");
  private static final RequestField<Boolean> GENERATION_PROMPT = new RequestField<>(
      "add_generation_prompt",
      "true or false; not true with `continue_final_message`",
      "true, without `continue_final_message`",
      "The prompt ends where an answer begins, for templates that mark it.",
      true,
      FieldReaders::flag);
  private static final RequestField<Boolean> ECHO = FieldKinds.flag(
      "echo", false, "The final message, if it is the assistant's, stands before the answer.");

  /** In the order of the reference. */
  static final List<RequestField<?>> ALL = List.of(CONTINUE, GENERATION_PROMPT, ECHO);

  /** Reads the fields; {@code messages} need not be checked. */
  static ContinuationFields read(RequestFields fields, @Nullable List<ChatMessage> messages)
      throws InvalidRequestException {
    String begun = begun(messages);
    return new ContinuationFields(
        end(fields, begun != null), ECHO.in(fields) && begun != null ? begun : "");
  }

  /** The final message, if it is the assistant's. */
  private static @Nullable String begun(@Nullable List<ChatMessage> messages) {
    if (messages == null || messages.isEmpty()) {
      return null;
    }
    ChatMessage last = messages.get(messages.size() - 1);
    MessageContent content = last.content();
    return "assistant".equals(last.role()) && content != null ? content.text() : null;
  }

  private static PromptEnd end(RequestFields fields, boolean byAssistant)
      throws InvalidRequestException {
    boolean prompted = GENERATION_PROMPT.in(fields);
    if (!CONTINUE.in(fields)) {
      return prompted ? PromptEnd.ANSWER_BEGINS : PromptEnd.AS_IT_STANDS;
    }
    if (!byAssistant) {
      throw FieldFaults.outside(
          CONTINUE.name(), "a final message of the assistant's", "another one");
    }
    if (prompted && fields.value(GENERATION_PROMPT.name()) != null) {
      throw FieldFaults.outside(
          GENERATION_PROMPT.name(), "false besides continue_final_message", "true");
    }
    return PromptEnd.FINAL_MESSAGE_OPEN;
  }
}
