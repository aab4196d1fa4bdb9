package io.sirocco.gateway.answer;

import io.sirocco.client.RawReply;
import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's form: chunks as server-sent events, whose ids are the records' sequences, and {@code
 * [DONE]}; bodies are passed on as they stand on the reply topic.
 *
 * <p>Source: OpenAI API reference, chat completions, {@code stream} and {@code stream_options}.
 *
 * <p>Immutable.
 *
 * @param includeUsage whether the stream ends with a chunk that says what was used; all others then
 *     have {@code usage: null}
 */
public record OpenAiAnswer(boolean includeUsage) implements AnswerForm {
  private static final JsonCodec CODEC = new JsonCodec();
  private static final String NO_USAGE = "\"usage\":null";
  private static final String DONE = "[DONE]";

  @Override
  public String streamType() {
    return ServerSentEvents.TYPE;
  }

  @Override
  public AnswerWriter writer() {
    return new Writer(includeUsage);
  }

  @Override
  public byte[] whole(ChatCompletion completion) {
    return CODEC.writeBytes(completion);
  }

  /** Returns the last chunk of an answer, whose record may hold the whole of it. */
  static String lastChunk(RawReply end) {
    try {
      Object kind = CODEC.read(end.value(), Map.class).get("object");
      if (!ChatCompletion.OBJECT.equals(kind)) {
        return end.value();
      }
      ChatCompletion whole = CODEC.read(end.value(), ChatCompletion.class);
      return CODEC.write(new ChatChunk(
          whole.id(), ChatChunk.OBJECT, whole.created(), whole.model(), List.of(), whole.usage()));
    } catch (MalformedJsonException e) {
      throw new IllegalStateException("expected an end that the client has read", e);
    }
  }

  private record Writer(boolean includeUsage) implements AnswerWriter {
    @Override
    public String start(RawReply start) {
      // Without an id: who has seen it alone has seen nothing of the answer.
      return ServerSentEvents.event(null, chunk(start));
    }

    @Override
    public String delta(RawReply delta) {
      return ServerSentEvents.event(delta.reply().sequence(), chunk(delta));
    }

    private String chunk(RawReply reply) {
      return includeUsage ? ServerSentEvents.with(reply.value(), NO_USAGE) : reply.value();
    }

    @Override
    public String end(RawReply end) {
      String done = ServerSentEvents.event(end.reply().sequence(), DONE);
      // One record makes two events: who has seen the first alone has not seen the record.
      return includeUsage ? ServerSentEvents.event(null, lastChunk(end)) + done : done;
    }

    @Override
    public String error(String body) {
      return ServerSentEvents.event(null, body);
    }

    @Override
    public @Nullable String comment(String text) {
      return ServerSentEvents.comment(text);
    }
  }
}
