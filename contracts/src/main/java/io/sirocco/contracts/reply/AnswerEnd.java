package io.sirocco.contracts.reply;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import org.jspecify.annotations.Nullable;

/**
 * How an answer ended, as its terminal record says: enough to bill a request whose worker died between
 * that record and the bill.
 *
 * <p>Immutable.
 *
 * @param error why it failed, or null when it is complete
 * @param usage what was used; null when nothing was computed
 */
public record AnswerEnd(
    ErrorBody.@Nullable Detail error, @Nullable Usage usage) {

  /** What a last chunk and a whole completion have in common. */
  private record End(@JsonProperty("usage") @Nullable Usage usage) {}

  /** Reads the body of {@code terminal}. */
  static AnswerEnd read(ReplyRecord terminal, JsonCodec codec) throws MalformedJsonException {
    if (terminal.event() == ReplyEvent.ERROR) {
      ErrorBody body = codec.read(terminal.body(), ErrorBody.class);
      return new AnswerEnd(body.error(), body.usage());
    }
    return new AnswerEnd(null, codec.read(terminal.body(), End.class).usage());
  }
}
