package io.sirocco.gateway.http;

import io.sirocco.client.ReplyStream;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.gateway.answer.AnswerForm;
import io.sirocco.gateway.observe.Outcome;
import io.sirocco.gateway.refusal.Refusal;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is written when it is complete. No thread waits for it.
 *
 * <p>Thread-safe.
 */
final class WholeAnswer implements OpenAnswer {
  private final Exchange exchange;
  private final AnswerForm form;
  private final Going going;
  private final @Nullable Long probeNanos;
  private long lastProbe = System.nanoTime();
  private boolean over;

  /** @param probeNanos how often it is looked whether the reader is there; null: never */
  WholeAnswer(Exchange exchange, AnswerForm form, Going going, @Nullable Long probeNanos) {
    this.exchange = exchange;
    this.form = form;
    this.going = going;
    this.probeNanos = probeNanos;
  }

  void await(ReplyStream stream) {
    var unused = stream.completion().whenComplete(this::ended);
  }

  private synchronized void ended(@Nullable ChatCompletion whole, @Nullable Throwable failure) {
    over = true;
    if (whole != null) {
      exchange.answer(200, form.whole(whole));
    } else if (failure != null) {
      exchange.refuse(Refusal.ofFailure(failure));
    }
    going.whenOver().run();
  }

  @Override
  public synchronized void tick(long nowNanos) {
    if (over || probeNanos == null || nowNanos - lastProbe <= probeNanos) {
      return;
    }
    lastProbe = nowNanos;
    if (exchange.isCallerGone() && exchange.begin()) {
      over = true;
      going.whenGone().run();
      exchange.breakOff(new EofException("expected a reader, found none"));
    }
  }

  @Override
  public boolean isStream() {
    return false;
  }

  @Override
  public synchronized void end(Refusal why) {
    over = true;
    exchange.measure().becomes(Outcome.CLOSING);
    exchange.refuse(why);
    going.whenOver().run();
  }
}
