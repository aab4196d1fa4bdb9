package io.sirocco.worker.prompt;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.MessageContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Puts a first system message into the user message after it, for models that were taught no system
 * role.
 *
 * <p>Stateless.
 */
final class SystemFold {
  private static final String SEPARATOR = "\n\n";

  private SystemFold() {}

  /** Returns the messages unchanged where they do not begin with system and user. */
  static List<ChatMessage> apply(List<ChatMessage> messages) {
    if (messages.size() < 2
        || !"system".equals(messages.get(0).role())
        || !"user".equals(messages.get(1).role())) {
      return messages;
    }
    List<ChatMessage> folded = new ArrayList<>(messages.subList(1, messages.size()));
    folded.set(0, ChatMessage.user(text(messages.get(0)) + SEPARATOR + text(messages.get(1))));
    return folded;
  }

  private static String text(ChatMessage message) {
    MessageContent content = Objects.requireNonNull(message.content());
    return content.text();
  }
}
