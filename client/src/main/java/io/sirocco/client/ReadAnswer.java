package io.sirocco.client;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.usage.Receipt;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes the receipt of an answer that was read to its last record.
 *
 * <p>Immutable.
 */
record ReadAnswer(RequestKey key, OpenAnswer answer, JsonCodec codec) {
  private static final String STOP = "stop";

  /** Returns the receipt; null when the answer ended without a last record. */
  @Nullable
  Receipt receipt() {
    ReplyAddress address = answer.address();
    int seen = 0;
    String outcome = STOP;
    ReplyLog.Entry last = null;
    for (int i = 0; ; i++) {
      ReplyLog.Entry entry = answer.log().at(i);
      if (entry == null) {
        break;
      }
      last = entry;
      seen += entry.reply().reply().tokenIds().size();
      outcome = entry.chunk() == null ? outcome : outcome(entry.chunk(), outcome);
    }
    if (last == null || address == null) {
      return null;
    }
    try {
      return receipt(address, last, seen, outcome);
    } catch (MalformedJsonException | IllegalArgumentException e) {
      return null; // A body or a timestamp that says nothing: nobody can say how it ended.
    }
  }

  private @Nullable Receipt receipt(
      ReplyAddress address, ReplyLog.Entry last, int seen, String outcome)
      throws MalformedJsonException {
    return switch (last.reply().reply().event()) {
      case END ->
        of(
            address,
            last,
            seen,
            outcome,
            last.chunk() == null ? null : last.chunk().usage());
      case ERROR -> {
        ErrorBody body = codec.read(last.reply().value(), ErrorBody.class);
        yield of(address, last, seen, body.error().code(), body.usage());
      }
      default -> null;
    };
  }

  private static String outcome(ChatChunk chunk, String before) {
    return chunk.choices().stream()
        .map(ChatChunk.Choice::finishReason)
        .filter(Objects::nonNull)
        .map(FinishReason::name)
        .map(name -> name.toLowerCase(Locale.ROOT))
        .findFirst()
        .orElse(before);
  }

  private Receipt of(
      ReplyAddress address, ReplyLog.Entry last, int seen, String outcome, @Nullable Usage usage) {
    Usage used = usage == null ? Usage.of(0, 0) : usage;
    return new Receipt(
        Objects.requireNonNullElse(key.user(), RequestKey.ANONYMOUS),
        key.requestId(),
        address.topic(),
        address.partition().partition(),
        last.reply().offset(),
        used.promptTokens(),
        used.cachedTokens(),
        used.completionTokens(),
        seen,
        outcome,
        last.reply().reply().timestampMillis());
  }
}
