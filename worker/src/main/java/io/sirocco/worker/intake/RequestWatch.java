package io.sirocco.worker.intake;

/**
 * What is looked after while a request is on its way, beside its answer.
 *
 * <p>Confined to the intake thread.
 *
 * @param ends ends it before its time
 * @param line tells it how long it waits
 */
public record RequestWatch(EarlyEnds ends, ProgressReports line) {
  /** Watches {@code record}, of which all is known by now. */
  void enter(InFlight record) {
    line.enter(record);
    ends.enter(record);
  }

  /** Does what is due. */
  void look() {
    ends.look();
    line.look();
  }

  /** Watches {@code record} no longer. */
  void leave(InFlight record) {
    ends.leave(record);
    line.leave(record);
  }
}
