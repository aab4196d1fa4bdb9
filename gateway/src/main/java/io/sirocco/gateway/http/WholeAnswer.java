package io.sirocco.gateway.http;

import io.sirocco.client.ReplyStream;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.gateway.answer.AnswerForm;
import io.sirocco.gateway.observe.Outcome;
import io.sirocco.gateway.refusal.Refusal;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final AtomicBoolean probing = new AtomicBoolean();
  private volatile long lastProbe = System.nanoTime();

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
    if (whole != null) {
      exchange.answer(200, form.whole(whole));
    } else if (failure != null) {
      exchange.refuse(Refusal.ofFailure(failure));
    }
    going.whenOver().run();
  }

  @Override
  public synchronized void tick(long nowNanos) {
    if (probeNanos != null && nowNanos - lastProbe > probeNanos && !probing.getAndSet(true)) {
      lastProbe = nowNanos;
      exchange.stillThere(this::probed);
    }
  }

  private void probed(@Nullable Throwable fault) {
    probing.set(false);
    if (fault != null && exchange.begin()) {
      going.whenGone().run();
      exchange.breakOff(fault);
    }
  }

  @Override
  public boolean isStream() {
    return false;
  }

  @Override
  public synchronized void end(Refusal why) {
    exchange.measure().becomes(Outcome.CLOSING);
    exchange.refuse(why);
    going.whenOver().run();
  }
}
