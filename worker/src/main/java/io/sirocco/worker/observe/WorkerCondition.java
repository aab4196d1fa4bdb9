package io.sirocco.worker.observe;

import io.sirocco.worker.intake.IntakeStanding;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Whether a worker is well.
 *
 * <p>Thread-safe.
 */
public final class WorkerCondition {
  /** Longer than any wait of its for the brokers, whose outage is not cured by a restart. */
  private static final Duration STUCK = Duration.ofMinutes(5);

  private final String model;
  private final Supplier<IntakeStanding> standing;
  private final LongSupplier nanoTime;

  /**
   * @param nanoTime the intake's clock
   */
  public WorkerCondition(String model, Supplier<IntakeStanding> standing, LongSupplier nanoTime) {
    this.model = model;
    this.standing = standing;
    this.nanoTime = nanoTime;
  }

  /** Why requests are not answered here now; empty when they are. */
  public Optional<String> unready() {
    int fenced = standing.get().fenced();
    return fenced == 0
        ? Optional.empty()
        : Optional.of("model %s: expected no fenced partitions, found %d".formatted(model, fenced));
  }

  /** Why the worker will not answer any more; empty when it may. */
  public Optional<String> dead() {
    Duration still = Duration.ofNanos(nanoTime.getAsLong() - standing.get().atNanos());
    return still.compareTo(STUCK) < 0
        ? Optional.empty()
        : Optional.of("model %s: expected the intake to move within %d s, found it still for %d s"
            .formatted(model, STUCK.toSeconds(), still.toSeconds()));
  }
}
