package io.sirocco.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.client.RawReply;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.gateway.answer.AnswerForm;
import io.sirocco.gateway.answer.AnswerWriter;
import io.sirocco.gateway.observe.Outcome;
import io.sirocco.gateway.refusal.Refusal;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An answer that is written as it is generated: one piece at a time, the next one asked for when the
 * last is on its way, so that a slow reader holds up nobody and fills no memory but its own answer's.
 *
 * <p>The status is sent with the first piece of the answer, so that a request that is refused has the
 * status of its error; or with the first heartbeat, if that comes before.
 *
 * <p>Thread-safe.
 */
final class StreamedAnswer implements Flow.Subscriber<RawReply>, OpenAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(StreamedAnswer.class);

  private final Exchange exchange;
  private final AnswerForm form;
  private final AnswerWriter writer;
  private final Pace pace;
  private final Going going;
  private final Runnable whenFirst;
  private final boolean fromBegin;
  private final String resumeHint;

  private Flow.@Nullable Subscription subscription;
  private String held = "";
  private boolean started;
  private boolean spoken;
  private boolean committed;
  private boolean lastTaken;
  private boolean over;
  private boolean writing;
  private boolean owed;
  private boolean waitingLast;
  private @Nullable String waiting;
  private long writingSince;
  private long lastPiece = System.nanoTime();

  /**
   * How patient it is.
   *
   * @param heartbeatNanos after how long without a piece the reader is told that all is well
   * @param slowNanos how long one write may take
   */
  record Pace(long heartbeatNanos, long slowNanos) {}

  /**
   * @param whenFirst is told of the first token
   * @param fromBegin whether the reader has seen nothing yet
   * @param resumeHint how the answer is read on when this response ends before it
   */
  StreamedAnswer(
      Exchange exchange,
      AnswerForm form,
      Pace pace,
      Going going,
      Runnable whenFirst,
      boolean fromBegin,
      String resumeHint) {
    this.exchange = exchange;
    this.form = form;
    this.writer = form.writer();
    this.pace = pace;
    this.going = going;
    this.whenFirst = whenFirst;
    this.fromBegin = fromBegin;
    this.resumeHint = resumeHint;
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    synchronized (this) {
      subscription = newSubscription;
    }
    newSubscription.request(1);
  }

  @Override
  // Thrown to the publisher it would end the reading alone, and the response never.
  @SuppressWarnings("IllegalCatch")
  public void onNext(RawReply reply) {
    synchronized (this) {
      if (over) {
        return;
      }
      try {
        take(reply);
      } catch (RuntimeException e) {
        LOG.error("a record of an answer could not be written", e);
        fail(null, Refusal.serverFault());
      }
    }
  }

  private void take(RawReply reply) {
    ReplyEvent event = reply.reply().event();
    lastTaken = event.isTerminal();
    switch (event) {
      case START -> start(reply);
      case DELTA -> text(writer.delta(reply));
      case END -> write(writer.end(reply), true);
      case ERROR -> fail(reply.value(), null);
      default -> next();
    }
  }

  private void start(RawReply reply) {
    // Whoever takes over starts again; the reader has seen one start.
    if (fromBegin && !started) {
      held = writer.start(reply);
    }
    started = true;
    next();
  }

  private void text(String text) {
    if (text.isEmpty()) {
      next();
      return;
    }
    write(text, false);
    if (!spoken) {
      spoken = true;
      whenFirst.run();
    }
  }

  @Override
  public void onComplete() {
    synchronized (this) {
      if (!over && !lastTaken) {
        // The reader asked for what comes after the end.
        write("", true);
      }
    }
  }

  @Override
  public void onError(Throwable failure) {
    synchronized (this) {
      if (!over && !lastTaken) {
        fail(null, Refusal.ofFailure(failure));
      }
    }
  }

  @Override
  public boolean isStream() {
    return true;
  }

  @Override
  public void end(Refusal why) {
    synchronized (this) {
      if (!over) {
        exchange.measure().becomes(Outcome.CLOSING);
        if (committed && writer.comment("") != null) {
          held = "retry: 500\n" + writer.comment(resumeHint);
        }
        fail(null, why);
      }
    }
  }

  /** Ends the response with an error, as its body or as its refusal. */
  private void fail(@Nullable String body, @Nullable Refusal refusal) {
    Refusal why = refusal == null ? Failures.ofAnswer(body) : refusal;
    if (!committed) {
      finish(going.whenOver());
      if (exchange.begin()) {
        exchange.refuseBegun(why);
      }
      return;
    }
    exchange.measure().failed(why.code());
    String text = writer.error(body == null ? new JsonCodec().write(why.body()) : body);
    if (text == null) {
      finish(going.whenOver());
      exchange.breakOff(new IllegalStateException("the answer failed"));
    } else {
      write(text, true);
    }
  }

  /** Writes what came of a record, and asks for the next one when it is on its way. */
  private void write(String text, boolean last) {
    owed = true;
    send(text, last);
  }

  private void send(String text, boolean last) {
    if (writing) {
      waiting = waiting == null ? text : waiting + text;
      waitingLast |= last;
      return;
    }
    if (!committed) {
      if (!exchange.begin()) {
        finish(going.whenGone());
        return;
      }
      exchange.openStream(form.streamType());
      committed = true;
    }
    writing = true;
    writingSince = System.nanoTime();
    lastPiece = writingSince;
    byte[] bytes = (held + text).getBytes(UTF_8);
    held = "";
    exchange.piece(bytes, last, fault -> written(last, fault));
  }

  private void written(boolean last, @Nullable Throwable fault) {
    synchronized (this) {
      writing = false;
      if (over) {
        return;
      }
      if (fault != null) {
        finish(going.whenGone());
        exchange.breakOff(fault);
      } else if (last) {
        finish(going.whenOver());
        exchange.complete();
      } else if (waiting != null) {
        String text = waiting;
        waiting = null;
        send(text, waitingLast);
      } else if (owed) {
        owed = false;
        next();
      }
    }
  }

  private void next() {
    if (subscription != null) {
      subscription.request(1);
    }
  }

  private void finish(Runnable how) {
    over = true;
    if (subscription != null) {
      subscription.cancel();
    }
    how.run();
  }

  @Override
  public synchronized void tick(long nowNanos) {
    if (over) {
      return;
    }
    if (writing) {
      if (nowNanos - writingSince > pace.slowNanos()) {
        finish(going.whenGone());
        exchange.measure().becomes(Outcome.SLOW);
        exchange.breakOff(new TimeoutException("expected a reader to read, found a slow one"));
      }
    } else if (nowNanos - lastPiece > pace.heartbeatNanos()) {
      String comment = writer.comment("the answer is still open");
      if (comment != null) {
        exchange.measure().heartbeat();
        send(comment, false);
      }
    }
  }
}
