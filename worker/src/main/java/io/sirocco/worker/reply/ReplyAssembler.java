package io.sirocco.worker.reply;

import io.sirocco.contracts.chat.FinishReason;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.worker.engine.api.GenerationEnd;
import io.sirocco.worker.engine.api.GenerationListener;
import io.sirocco.worker.prompt.GenerationSpec;
import io.sirocco.worker.sampling.SampledToken;
import io.sirocco.worker.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the tokens of one choice into pieces of text for the answer's {@link ReplyLane}: decodes them,
 * looks for stop texts and holds back what may become one.
 *
 * <p>A token that ends the answer is no part of its text, unless stop texts are. Stop texts are not
 * looked for in the tokens that the answer must have at least.
 *
 * <p>Confined to the engine thread.
 */
public final class ReplyAssembler implements GenerationListener {
  /**
   * How many tokens make a piece, at most, of an answer that nobody reads while it is written. The first
   * piece is of one, and each of twice as many: an answer of which nothing is written when its worker
   * dies is suspected of having been the cause.
   */
  private static final int COALESCED_TOKENS = 32;

  private final ReplyLane lane;
  private final int choice;
  private final GenerationSpec spec;
  private final Set<Integer> endIds;
  private final ChoiceText text;
  private final int mostTokensPerPiece;
  private final List<Integer> tokenIds = new ArrayList<>();
  private int tokensPerPiece = 1;

  /**
   * Makes the assembler of one choice.
   *
   * @param choice its number, from 0
   * @param spec what was asked for
   * @param endIds tokens that end the answer
   */
  public ReplyAssembler(
      ReplyLane lane, int choice, GenerationSpec spec, Set<Integer> endIds, Tokenizer tokenizer) {
    this.lane = lane;
    this.choice = choice;
    this.spec = spec;
    this.endIds = endIds;
    this.text = new ChoiceText(spec, tokenizer);
    this.mostTokensPerPiece = spec.form().stream() ? 1 : COALESCED_TOKENS;
  }

  /**
   * Goes on from what was written of the choice, before anything is generated: what it holds back, and
   * what it looks for, is as if the tokens had been generated here.
   *
   * @return why the choice is over already, or null when it goes on
   * @throws IllegalStateException when the tokens have another text here, as with another tokenizer
   */
  public @Nullable GenerationEnd resume(ReplyCheckpoint.Choice written) {
    List<Integer> ids = written.tokenIds();
    ids.forEach(id -> add(new SampledToken(id, null)));
    if (!text.skip(written.text())) {
      throw new IllegalStateException(
          "expected the text that was written of the answer, found another for its tokens");
    }
    if (text.isStopped()) {
      return GenerationEnd.LISTENER;
    }
    if (!ids.isEmpty() && endIds.contains(ids.get(ids.size() - 1))) {
      return GenerationEnd.END_TOKEN;
    }
    return !ids.isEmpty() && ids.size() >= spec.maxNewTokens() ? GenerationEnd.LENGTH : null;
  }

  @Override
  public void admitted(int cachedTokens) {
    lane.start(cachedTokens);
  }

  @Override
  public boolean generated(SampledToken token) {
    tokenIds.add(token.tokenId());
    add(token);
    if (text.hasNew() && tokenIds.size() >= tokensPerPiece) {
      lane.append(piece(null));
      tokensPerPiece = Math.min(2 * tokensPerPiece, mostTokensPerPiece);
    }
    return !text.isStopped();
  }

  private void add(SampledToken token) {
    if (spec.stop().textIncluded() || !endIds.contains(token.tokenId())) {
      text.append(token);
    }
  }

  @Override
  public void finished(GenerationEnd end) {
    text.end();
    boolean stopped = end != GenerationEnd.LENGTH || text.isStopped();
    lane.append(piece(stopped ? FinishReason.STOP : FinishReason.LENGTH));
  }

  @Override
  public void failed(String message) {
    lane.fail(ErrorCode.SERVER_ERROR, message, null);
  }

  private ReplyPiece piece(@Nullable FinishReason finishReason) {
    ReplyPiece piece =
        new ReplyPiece(choice, text.take(), text.takeLogprobs(), tokenIds, finishReason);
    tokenIds.clear();
    return piece;
  }
}
