package io.sirocco.client;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.usage.Receipt;
import java.util.ArrayList;
import java.util.List;
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
    RawReply last = null;
    ChatChunk lastChunk = null;
    for (ReplyLog.Entry entry : entries()) {
      RawReply reply = entry.reply();
      if (reply == null) {
        continue; // News for those who wait is no part of the answer.
      }
      last = reply;
      lastChunk = entry.chunk();
      seen += reply.reply().tokenIds().size();
      outcome = lastChunk == null ? outcome : outcome(lastChunk, outcome);
    }
    if (last == null || address == null) {
      return null;
    }
    try {
      return receipt(address, last, lastChunk, seen, outcome);
    } catch (MalformedJsonException | IllegalArgumentException e) {
      return null; // A body or a timestamp that says nothing: nobody can say how it ended.
    }
  }

  private List<ReplyLog.Entry> entries() {
    List<ReplyLog.Entry> entries = new ArrayList<>();
    ReplyLog.Entry entry;
    while ((entry = answer.log().at(entries.size())) != null) {
      entries.add(entry);
    }
    return entries;
  }

  private @Nullable Receipt receipt(
      ReplyAddress address, RawReply last, @Nullable ChatChunk chunk, int seen, String outcome)
      throws MalformedJsonException {
    return switch (last.reply().event()) {
      case END -> of(address, last, seen, outcome, chunk == null ? null : chunk.usage());
      case ERROR -> {
        ErrorBody body = codec.read(last.value(), ErrorBody.class);
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
      ReplyAddress address, RawReply last, int seen, String outcome, @Nullable Usage usage) {
    Usage used = usage == null ? Usage.of(0, 0) : usage;
    return new Receipt(
        Objects.requireNonNullElse(key.user(), RequestKey.ANONYMOUS),
        key.requestId(),
        address.topic(),
        address.partition().partition(),
        last.offset(),
        used.promptTokens(),
        used.cachedTokens(),
        used.completionTokens(),
        seen,
        outcome,
        last.reply().timestampMillis());
  }
}
