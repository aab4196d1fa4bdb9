package io.sirocco.embedded;

import io.sirocco.embedded.observe.Health;
import io.sirocco.embedded.role.BrokerWatch;
import io.sirocco.embedded.role.RunningRole;
import io.sirocco.worker.app.RunningJanitor;
import io.sirocco.worker.app.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a process.
 *
 * <p>Confined to the main thread.
 */
final class RunningWorkers implements RunningRole {
  /** For the last commit, and for leaving the group. */
  private static final Duration BEYOND_GRACE = Duration.ofSeconds(15);

  private final Duration grace;
  private final List<Worker> workers = new ArrayList<>();
  private @Nullable BrokerWatch watch;
  private @Nullable RunningJanitor janitor;

  RunningWorkers(Duration grace) {
    this.grace = grace;
  }

  void add(Worker worker) {
    workers.add(worker);
  }

  void watch(BrokerWatch brokers) {
    watch = brokers;
  }

  /** Has {@code cleaner} end with the workers. */
  void add(RunningJanitor cleaner) {
    janitor = cleaner;
  }

  /** Has {@code health} know how the workers are. */
  void tell(Health health) {
    for (Worker worker : workers) {
      health.readyUnless(worker.condition()::unready);
      health.liveUnless(worker.condition()::dead);
    }
  }

  @Override
  public void drain() {
    end(Worker::close);
  }

  @Override
  public void abort() {
    end(Worker::abort);
  }

  @Override
  public Duration drainLimit() {
    return grace.plus(BEYOND_GRACE);
  }

  /** All at the same time: the grace is that of the process. */
  private void end(Consumer<Worker> ending) {
    if (watch != null) {
      watch.close();
    }
    List<Runnable> endings = new ArrayList<>();
    workers.forEach(worker -> endings.add(() -> ending.accept(worker)));
    if (janitor != null) {
      endings.add(janitor::close);
    }
    CompletableFuture.allOf(endings.stream()
            .map(each -> CompletableFuture.runAsync(each, RunningWorkers::onThread))
            .toArray(CompletableFuture<?>[]::new))
        .join();
  }

  private static void onThread(Runnable task) {
    new Thread(task, "ending").start();
  }
}
