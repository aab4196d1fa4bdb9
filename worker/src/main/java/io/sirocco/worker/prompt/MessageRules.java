package io.sirocco.worker.prompt;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every conversation must be, whatever the model's template says.
 *
 * <p>Stateless.
 */
final class MessageRules {
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool");

  private static final String EXPECTED_ROLE = "system, developer, user, assistant or tool";

  private MessageRules() {}

  /** Returns the messages, of which there is at least one, each with a known role and content. */
  static List<ChatMessage> check(@Nullable List<ChatMessage> messages)
      throws InvalidRequestException {
    if (messages == null) {
      throw missing("messages", "a list of messages");
    }
    if (messages.isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_VALUE, "messages", "expected at least one message, found none");
    }
    for (int i = 0; i < messages.size(); i++) {
      check(messages.get(i), "messages[" + i + "]");
    }
    return messages;
  }

  private static void check(@Nullable ChatMessage message, String path)
      throws InvalidRequestException {
    if (message == null) {
      throw missing(path, "a message");
    }
    if (message.role() == null) {
      throw missing(path + ".role", EXPECTED_ROLE);
    }
    if (!ROLES.contains(message.role())) {
      throw FieldFaults.outside(path + ".role", EXPECTED_ROLE, FieldFaults.quoted(message.role()));
    }
    if (message.content() == null) {
      throw missing(path + ".content", "text");
    }
  }

  private static InvalidRequestException missing(String field, String expected) {
    return new InvalidRequestException(
        ErrorCode.MISSING_REQUIRED_PARAMETER, field, "expected " + expected + ", found nothing");
  }
}
