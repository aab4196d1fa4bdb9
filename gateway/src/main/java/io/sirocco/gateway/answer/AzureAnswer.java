package io.sirocco.gateway.answer;

import io.sirocco.client.RawReply;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The form of Azure's model inference: as OpenAI's, but what was used stands on the last chunk that
 * has a finish reason.
 *
 * <p>Source: Azure AI Model Inference REST API, Chat Completions - Create.
 *
 * <p>Immutable.
 */
public record AzureAnswer() implements AnswerForm {
  private static final OpenAiAnswer OPEN_AI = new OpenAiAnswer(false);

  @Override
  public String streamType() {
    return ServerSentEvents.TYPE;
  }

  @Override
  public AnswerWriter writer() {
    return new Writer(OPEN_AI.writer());
  }

  @Override
  public byte[] whole(ChatCompletion completion) {
    return OPEN_AI.whole(completion);
  }

  /** Holds each chunk with a finish reason back until it is known whether it is the last. */
  private static final class Writer implements AnswerWriter {
    private static final JsonCodec CODEC = new JsonCodec();
    private static final String UNFINISHED = "\"finish_reason\":null";

    private final AnswerWriter openAi;
    private @Nullable RawReply held;

    Writer(AnswerWriter openAi) {
      this.openAi = openAi;
    }

    @Override
    public String start(RawReply start) {
      return openAi.start(start);
    }

    @Override
    public String delta(RawReply delta) {
      String before = release();
      if (delta.value().contains(UNFINISHED)) {
        return before + openAi.delta(delta);
      }
      held = delta;
      return before;
    }

    private String release() {
      RawReply last = held;
      held = null;
      return last == null ? "" : openAi.delta(last);
    }

    @Override
    public String end(RawReply end) {
      RawReply last = held;
      held = null;
      String finish = last == null
          ? ""
          : ServerSentEvents.event(
              last.reply().sequence(),
              ServerSentEvents.with(last.value(), "\"usage\":" + usage(end)));
      return finish + openAi.end(end);
    }

    private String usage(RawReply end) {
      try {
        Object usage = CODEC.read(end.value(), Map.class).get("usage");
        return usage == null ? CODEC.write(Usage.of(0, 0)) : CODEC.write(usage);
      } catch (MalformedJsonException e) {
        throw new IllegalStateException("expected an end that the client has read", e);
      }
    }

    @Override
    public @Nullable String error(String body) {
      return release() + openAi.error(body);
    }

    @Override
    public @Nullable String comment(String text) {
      return openAi.comment(text);
    }
  }
}
