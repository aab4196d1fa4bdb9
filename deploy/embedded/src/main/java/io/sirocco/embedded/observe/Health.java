package io.sirocco.embedded.observe;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Whether a process has started, does its work, and is of use.
 *
 * <p>Thread-safe.
 */
public final class Health {
  private final List<Supplier<Optional<String>>> readiness = new CopyOnWriteArrayList<>();
  private final List<Supplier<Optional<String>>> liveness = new CopyOnWriteArrayList<>();
  private volatile boolean started;
  private volatile boolean draining;

  /** A process that has just begun to start. */
  public Health() {}

  /**
   * Adds a check of readiness.
   *
   * @param reason says why work cannot be done now, or nothing; on any thread, and at once
   */
  public void readyUnless(Supplier<Optional<String>> reason) {
    readiness.add(reason);
  }

  /**
   * Adds a check of liveness.
   *
   * @param reason says why no work will be done any more, or nothing; on any thread, and at once
   */
  public void liveUnless(Supplier<Optional<String>> reason) {
    liveness.add(reason);
  }

  /** The start is over. */
  public void started() {
    started = true;
  }

  /** No more work is taken. */
  public void draining() {
    draining = true;
  }

  /** Why the process has not started; empty once it has. */
  List<String> unstarted() {
    return started ? List.of() : List.of("starting");
  }

  /** Why the process does not do its work; empty when it does. */
  List<String> unready() {
    return draining
        ? List.of("draining")
        : Stream.concat(unstarted().stream(), reasons(readiness)).toList();
  }

  /** Why the process is of no use any more; empty when it is. */
  List<String> dead() {
    return reasons(liveness).toList();
  }

  private static Stream<String> reasons(List<Supplier<Optional<String>>> checks) {
    return checks.stream().flatMap(check -> check.get().stream());
  }
}
