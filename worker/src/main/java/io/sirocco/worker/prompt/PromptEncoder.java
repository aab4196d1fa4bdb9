package io.sirocco.worker.prompt;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.MessageContent;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.worker.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns a conversation into the token ids of a prompt.
 *
 * <p>Control tokens that the template makes become ids; texts in messages that look like control
 * tokens stay text. None is added to what the template says.
 *
 * <p>Thread-safe.
 */
public final class PromptEncoder {
  private final ChatTemplate template;
  private final Tokenizer tokenizer;
  private final Map<String, Integer> idByControlToken;
  private final ControlTokenText controlTokens;

  /** Encodes with a model's template and tokenizer. */
  public PromptEncoder(ChatTemplate template, Tokenizer tokenizer) {
    this.template = template;
    this.tokenizer = tokenizer;
    idByControlToken = tokenizer.controlTokens();
    controlTokens = new ControlTokenText(idByControlToken.keySet());
  }

  /**
   * Encodes the prompt that an answer follows.
   *
   * @throws InvalidRequestException when the messages are no conversation that the model takes; names
   *     the field
   */
  public int[] encode(@Nullable List<ChatMessage> messages) throws InvalidRequestException {
    return encode(messages, PromptEnd.ANSWER_BEGINS, Integer.MAX_VALUE).ids();
  }

  /**
   * Encodes a prompt, unless it is so long that no encoding of it fits:
   * that is found without the work of one. A prompt that is returned may still be too long.
   *
   * @param end how it ends; the final message is open only if there is one
   * @param mostTokens the most tokens that the prompt may have
   * @throws InvalidRequestException when the messages are no conversation that the model takes; names
   *     the field
   */
  EncodedPrompt encode(@Nullable List<ChatMessage> messages, PromptEnd end, int mostTokens)
      throws InvalidRequestException {
    List<ChatMessage> checked = MessageRules.check(messages);
    requireFits(checked, mostTokens);
    String mark = unusedCharacter(checked);
    List<ChatMessage> hidden =
        checked.stream().map(message -> hide(message, mark)).collect(Collectors.toList());
    String rendered = end == PromptEnd.FINAL_MESSAGE_OPEN
        ? renderOpen(hidden, mark)
        : template.render(hidden, end == PromptEnd.ANSWER_BEGINS);
    return new EncodedPrompt(encodeRendered(rendered, mark), controlTokens.reveal(rendered, mark));
  }

  /** What the template says after the final message is cut off. */
  private String renderOpen(List<ChatMessage> messages, String mark)
      throws InvalidRequestException {
    String cut = mark + "." + mark;
    ChatMessage last = messages.remove(messages.size() - 1);
    messages.add(
        new ChatMessage(last.role(), MessageContent.ofText(text(last) + cut), last.extra()));
    String rendered = template.render(messages, false);
    int end = rendered.lastIndexOf(cut);
    if (end < 0) {
      throw new InvalidRequestException(
          ErrorCode.UNSUPPORTED_PARAMETER,
          "continue_final_message",
          "expected a chat template that says the final message, found one that does not");
    }
    return rendered.substring(0, end).replace(cut, "");
  }

  /** Blanks at the ends do not count: templates strip them. */
  private void requireFits(List<ChatMessage> messages, int mostTokens)
      throws InvalidRequestException {
    OptionalInt ofToken = tokenizer.longestTokenChars();
    long chars =
        messages.stream().mapToLong(message -> text(message).strip().length()).sum();
    if (ofToken.isPresent() && chars > (long) ofToken.getAsInt() * mostTokens) {
      throw new InvalidRequestException(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED,
          "messages",
          "expected a conversation of at most %d tokens, found %d characters, which are more"
              .formatted(mostTokens, chars));
    }
  }

  private ChatMessage hide(ChatMessage message, String mark) {
    String role = "developer".equals(message.role()) ? "system" : message.role();
    MessageContent hidden = MessageContent.ofText(controlTokens.hide(text(message), mark));
    return new ChatMessage(role, hidden, message.extra());
  }

  /** Text between control tokens is encoded piece by piece, as the model's own tokenizer does. */
  private int[] encodeRendered(String rendered, String mark) {
    List<int[]> pieces = new ArrayList<>();
    int textBegin = 0;
    ControlTokenText.Found found = controlTokens.find(rendered, 0);
    while (found != null) {
      pieces.add(encodeText(rendered.substring(textBegin, found.begin()), mark));
      pieces.add(new int[] {Objects.requireNonNull(idByControlToken.get(found.token()))});
      textBegin = found.end();
      found = controlTokens.find(rendered, textBegin);
    }
    pieces.add(encodeText(rendered.substring(textBegin), mark));
    return pieces.stream().flatMapToInt(Arrays::stream).toArray();
  }

  private int[] encodeText(String text, String mark) {
    return text.isEmpty() ? new int[0] : tokenizer.encodeText(controlTokens.reveal(text, mark));
  }

  /** A private-use character that no message holds; there are 137,000 of them. */
  private static String unusedCharacter(List<ChatMessage> messages) throws InvalidRequestException {
    BitSet used = new BitSet();
    messages.forEach(message -> text(message).codePoints().forEach(used::set));
    int character = used.nextClearBit(0xE000);
    if (character > 0xF8FF) {
      character = used.nextClearBit(0xF0000);
    }
    if (character > 0x10FFFD) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_VALUE,
          "messages",
          "expected text that leaves a private-use character unused, found all of them");
    }
    return Character.toString(character);
  }

  private static String text(ChatMessage message) {
    return Objects.requireNonNull(message.content()).text();
  }
}
