package io.sirocco.gateway.answer;

import io.sirocco.client.RawReply;
import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The form of Truss and Baseten: the text of the first choice alone, plain as it is generated, or as
 * JSON.
 *
 * <p>Immutable.
 *
 * @param member the member of an object that holds the whole text; null: the JSON is the text itself
 */
public record TextAnswer(@Nullable String member) implements AnswerForm {
  private static final JsonCodec CODEC = new JsonCodec();

  @Override
  public String streamType() {
    return "text/plain;charset=utf-8";
  }

  @Override
  public AnswerWriter writer() {
    return new Writer();
  }

  @Override
  public byte[] whole(ChatCompletion completion) {
    Object text = member == null ? completion.text() : Map.of(member, completion.text());
    return CODEC.writeBytes(text);
  }

  private record Writer() implements AnswerWriter {
    @Override
    public String start(RawReply start) {
      return "";
    }

    @Override
    public String delta(RawReply delta) {
      try {
        return CODEC.read(delta.value(), ChatChunk.class).choices().stream()
            .filter(choice -> choice.index() == 0 && choice.delta().content() != null)
            .map(choice -> choice.delta().content())
            .collect(Collectors.joining());
      } catch (MalformedJsonException e) {
        throw new IllegalStateException("expected a delta that the client has read", e);
      }
    }

    @Override
    public String end(RawReply end) {
      return "";
    }

    @Override
    public @Nullable String error(String body) {
      return null;
    }

    @Override
    public @Nullable String comment(String text) {
      return null;
    }
  }
}
