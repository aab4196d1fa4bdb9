package io.sirocco.gateway.http;

import io.sirocco.gateway.refusal.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All answers that somebody waits for, and the clock that looks after them: one thread for all.
 *
 * <p>Thread-safe.
 */
final class OpenAnswers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenAnswers.class);
  private static final Duration PERIOD = Duration.ofMillis(500);

  private final Set<OpenAnswer> answers = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "gateway-clock");
        thread.setDaemon(true);
        return thread;
      });

  /** @param beside what else is done each time */
  OpenAnswers(List<Runnable> beside) {
    var unused = clock.scheduleWithFixedDelay(
        () -> step(beside), PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void step(List<Runnable> beside) {
    long now = System.nanoTime();
    answers.forEach(answer -> survive(() -> answer.tick(now)));
    beside.forEach(OpenAnswers::survive);
  }

  /** The clock goes on whatever happens to one answer, and so do all the others. */
  @SuppressWarnings("IllegalCatch") // See above.
  private static void survive(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("the gateway's clock missed a beat", e);
    }
  }

  void add(OpenAnswer answer) {
    answers.add(answer);
  }

  void remove(OpenAnswer answer) {
    answers.remove(answer);
  }

  boolean isEmpty() {
    return answers.isEmpty();
  }

  /** How many are read as they are generated. */
  int streams() {
    return (int) answers.stream().filter(OpenAnswer::isStream).count();
  }

  /** How many are waited for as a whole. */
  int wholes() {
    return (int) answers.stream().filter(answer -> !answer.isStream()).count();
  }

  /** Ends all responses. */
  void end(Refusal why) {
    answers.forEach(answer -> answer.end(why));
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
