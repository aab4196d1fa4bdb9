package io.sirocco.worker.engine.api;

/**
 * Where a request waits inside of a worker: with all that are as urgent, of the same user, from the
 * same queue. Within a line the first that came goes first.
 *
 * <p>Immutable.
 *
 * @param priority the lower, the more urgent; 0 where nothing is said
 * @param user whose tokens they are
 * @param queue where the request waited before it came here: queues of one user take turns
 */
public record WaitingLine(int priority, String user, String queue) {
  /** Returns the line of requests that name neither a priority nor a user. */
  public static WaitingLine of(String queue) {
    return new WaitingLine(0, "", queue);
  }
}
