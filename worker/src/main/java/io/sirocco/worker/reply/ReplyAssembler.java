package io.sirocco.worker.reply;

import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.tokenizer.StreamDecoder;
import io.sirocco.worker.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the tokens of one answer into pieces of text for its {@link ReplyLane}: decodes them, looks
 * for stop texts and holds back what may become one.
 *
 * <p>Confined to the engine thread.
 */
public final class ReplyAssembler implements GenerationListener {
  /** How many tokens make a piece of an answer that nobody reads while it is written. */
  private static final int COALESCED_TOKENS = 32;

  private final ReplyLane lane;
  private final Set<Integer> endIds;
  private final StreamDecoder decoder;
  private final StopMatcher stops;
  private final int tokensPerPiece;
  private final StringBuilder text = new StringBuilder();
  private final List<Integer> tokenIds = new ArrayList<>();

  /**
   * Makes the assembler of one answer.
   *
   * @param endIds tokens that end the answer and are no part of its text
   * @param stops texts that end the answer
   * @param stream whether the answer is read while it is written
   */
  public ReplyAssembler(
      ReplyLane lane,
      Tokenizer tokenizer,
      Set<Integer> endIds,
      List<String> stops,
      boolean stream) {
    this.lane = lane;
    this.endIds = endIds;
    this.decoder = new StreamDecoder(tokenizer);
    this.stops = new StopMatcher(stops);
    this.tokensPerPiece = stream ? 1 : COALESCED_TOKENS;
  }

  @Override
  public void admitted(int cachedTokens) {
    lane.start(cachedTokens);
  }

  @Override
  public boolean generated(int tokenId) {
    tokenIds.add(tokenId);
    if (!endIds.contains(tokenId)) {
      text.append(stops.append(decoder.append(tokenId)));
    }
    if (!text.isEmpty() && tokenIds.size() >= tokensPerPiece) {
      lane.append(piece(null));
    }
    return !stops.matched();
  }

  @Override
  public void finished(GenerationEnd end) {
    text.append(stops.append(decoder.flush())).append(stops.flush());
    boolean stopped = end != GenerationEnd.LENGTH || stops.matched();
    lane.append(piece(stopped ? FinishReason.STOP : FinishReason.LENGTH));
    lane.end();
  }

  @Override
  public void failed(String message) {
    lane.fail(ErrorCode.SERVER_ERROR, message, null);
  }

  private ReplyPiece piece(@Nullable FinishReason finishReason) {
    ReplyPiece piece = new ReplyPiece(text.toString(), tokenIds, finishReason);
    text.setLength(0);
    tokenIds.clear();
    return piece;
  }
}
