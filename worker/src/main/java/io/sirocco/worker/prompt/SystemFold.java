package io.sirocco.worker.prompt;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.MessageContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Puts system messages into the user message after them, with a blank line between, for models that
 * were taught no system role, or one at the beginning alone.
 *
 * <p>Those after the last user message go to its end. Where no user speaks, they stay.
 *
 * <p>Confined to one thread, for one conversation.
 */
final class SystemFold {
  private static final String SEPARATOR = "\n\n";
  private static final String SYSTEM = "system";
  private static final String USER = "user";

  private final List<ChatMessage> folded = new ArrayList<>();
  private final List<String> waiting = new ArrayList<>();
  private int lastUser = -1;

  private SystemFold() {}

  /**
   * Returns the conversation without system messages.
   *
   * @param firstStays whether those that begin it stay, as one
   */
  static List<ChatMessage> apply(List<ChatMessage> messages, boolean firstStays) {
    SystemFold fold = new SystemFold();
    for (ChatMessage message : messages) {
      fold.add(message, firstStays);
    }
    fold.finish();
    return fold.folded;
  }

  private void add(ChatMessage message, boolean firstStays) {
    if (SYSTEM.equals(message.role())) {
      waiting.add(text(message));
      return;
    }
    if (firstStays && folded.isEmpty()) {
      addWaiting();
    }
    if (USER.equals(message.role())) {
      waiting.add(text(message));
      lastUser = folded.size();
      folded.add(with(message, join()));
    } else {
      folded.add(message);
    }
  }

  private void finish() {
    if (lastUser < 0) {
      addWaiting();
    } else if (!waiting.isEmpty()) {
      ChatMessage user = folded.get(lastUser);
      waiting.add(0, text(user));
      folded.set(lastUser, with(user, join()));
    }
  }

  private void addWaiting() {
    if (!waiting.isEmpty()) {
      folded.add(0, ChatMessage.system(join()));
    }
  }

  private String join() {
    String joined = String.join(SEPARATOR, waiting);
    waiting.clear();
    return joined;
  }

  private static ChatMessage with(ChatMessage message, String text) {
    return new ChatMessage(message.role(), MessageContent.ofText(text), message.extra());
  }

  private static String text(ChatMessage message) {
    return Objects.requireNonNull(message.content()).text();
  }
}
