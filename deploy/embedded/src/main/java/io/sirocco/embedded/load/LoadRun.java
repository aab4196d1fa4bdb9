package io.sirocco.embedded.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Puts one load after the other on a target, each for a while, and waits for the answers.
 *
 * <p>Confined to the main thread.
 */
public final class LoadRun {
  /** An open load that is not answered would otherwise have a thread for each request. */
  private static final int MOST_OPEN = 1024;

  private static final long LOOK_NANOS = Duration.ofMillis(200).toNanos();

  private final Target target;
  private final Questions questions;
  private final RandomGenerator random;
  private final Duration patience;
  private final LoadProgress progress;

  /**
   * @param random of the arrivals
   * @param patience how long the last answers are waited for
   */
  public LoadRun(
      Target target,
      Questions questions,
      RandomGenerator random,
      Duration patience,
      LoadProgress progress) {
    this.target = target;
    this.questions = questions;
    this.random = random;
    this.patience = patience;
    this.progress = progress;
  }

  /**
   * Asks once, so that connections stand and code is warm.
   *
   * @return the code of what went wrong; empty when nothing did
   */
  public String warmUp() {
    Reading reading = new Reading(System::nanoTime, System.nanoTime());
    target.ask(questions.next(), reading);
    String error = reading.error();
    return error == null ? "" : error;
  }

  /** Puts {@code load} on the target for {@code time}. */
  public StepReport step(Load load, Duration time) throws InterruptedException {
    Step step = new Step(load, System::nanoTime, time.toNanos());
    try {
      if (load instanceof Load.Open open) {
        step.ask(new Arrivals(open.perSecond(), random));
      } else if (load instanceof Load.Closed closed) {
        step.ask(closed.readers());
      }
      step.awaitEnd();
    } finally {
      step.threads.shutdownNow();
    }
    return StepReport.of(load, step.startNanos, step.ended());
  }

  /** One load while it is on. */
  private final class Step {
    private final Load load;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private final long timeNanos;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger open = new AtomicInteger();
    private final List<Reading> readings = Collections.synchronizedList(new ArrayList<>());

    Step(Load load, LongSupplier nanoTime, long timeNanos) {
      this.load = load;
      this.nanoTime = nanoTime;
      this.startNanos = nanoTime.getAsLong();
      this.timeNanos = timeNanos;
    }

    void ask(Arrivals arrivals) throws InterruptedException {
      long due = startNanos + arrivals.nextGapNanos();
      while (due - startNanos < timeNanos) {
        await(due);
        Reading reading = new Reading(nanoTime, due);
        if (open.get() < MOST_OPEN) {
          open.incrementAndGet();
          threads.execute(() -> read(reading));
        } else {
          reading.fail("not_sent");
          readings.add(reading);
        }
        due += arrivals.nextGapNanos();
      }
      await(startNanos + timeNanos);
    }

    void ask(int readers) throws InterruptedException {
      for (int i = 0; i < readers; i++) {
        threads.execute(() -> {
          while (nanoTime.getAsLong() - startNanos < timeNanos
              && !Thread.currentThread().isInterrupted()) {
            open.incrementAndGet();
            read(new Reading(nanoTime, nanoTime.getAsLong()));
          }
        });
      }
      await(startNanos + timeNanos);
    }

    private void read(Reading reading) {
      target.ask(questions.next(), reading);
      readings.add(reading);
      open.decrementAndGet();
    }

    private void await(long untilNanos) throws InterruptedException {
      long left;
      while ((left = untilNanos - nanoTime.getAsLong()) > 0) {
        show();
        TimeUnit.NANOSECONDS.sleep(Math.min(left, LOOK_NANOS));
      }
    }

    void awaitEnd() throws InterruptedException {
      threads.shutdown();
      long deadline = nanoTime.getAsLong() + patience.toNanos();
      while (!threads.awaitTermination(LOOK_NANOS, TimeUnit.NANOSECONDS)) {
        show();
        if (nanoTime.getAsLong() - deadline > 0) {
          threads.shutdownNow();
          threads.awaitTermination(1, TimeUnit.SECONDS);
          break;
        }
      }
      show();
    }

    private void show() {
      double part = Math.min(1, (nanoTime.getAsLong() - startNanos) / (double) timeNanos);
      progress.step(load, part, readings.size(), open.get());
    }

    List<Reading> ended() {
      synchronized (readings) {
        return List.copyOf(readings);
      }
    }
  }
}
