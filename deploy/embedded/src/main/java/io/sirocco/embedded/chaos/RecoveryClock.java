package io.sirocco.embedded.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how long an answer stood still after a fault.
 *
 * <p>Confined to the main thread.
 */
final class RecoveryClock {
  private record Waiting(long sinceMillis, int attempt) {}

  private final Map<String, Waiting> waiting = new HashMap<>();
  private final List<Long> millis = new ArrayList<>();

  /**
   * Says that the answer was hit.
   *
   * @param attempt the attempt of its writer; what that one still writes does not count
   */
  void hit(String requestId, long atMillis, int attempt) {
    waiting.put(requestId, new Waiting(atMillis, attempt));
  }

  /** Says that an answer which stands still may not go on before that. */
  void heldUp(String requestId, long sinceMillis) {
    waiting.computeIfPresent(
        requestId,
        (id, hit) ->
            sinceMillis > hit.sinceMillis() ? new Waiting(sinceMillis, hit.attempt()) : hit);
  }

  /** Says that a token of the answer was written, at a time by the clock of its record. */
  void token(String requestId, long atMillis, int attempt) {
    Waiting hit = waiting.get(requestId);
    if (hit != null && attempt > hit.attempt() && atMillis >= hit.sinceMillis()) {
      millis.add(atMillis - hit.sinceMillis());
      waiting.remove(requestId);
    }
  }

  /** Says that the answer has ended. */
  void ended(String requestId) {
    waiting.remove(requestId);
  }

  /** How long each answer took that was hit and went on. */
  List<Long> millis() {
    return List.copyOf(millis);
  }
}
