package io.sirocco.embedded.chaos;

import io.sirocco.contracts.usage.UsageEvent;
import java.util.List;
import java.util.Map;

/**
 * Everything that was seen from outside.
 *
 * <p>Immutable.
 *
 * @param asked all requests
 * @param early what somebody saw of each who read while it was written, by request id
 * @param late what somebody saw of each who read when all was over, by request id
 * @param bills the committed usage events
 * @param deadLetters the request ids of the dead letters
 * @param undisturbed the answers to compare with, by the question's number
 */
record Evidence(
    List<Asked> asked,
    Map<String, Answer> early,
    Map<String, Answer> late,
    List<UsageEvent> bills,
    List<String> deadLetters,
    Map<Integer, Undisturbed> undisturbed) {
  Evidence {
    asked = List.copyOf(asked);
    early = Map.copyOf(early);
    late = Map.copyOf(late);
    bills = List.copyOf(bills);
    deadLetters = List.copyOf(deadLetters);
    undisturbed = Map.copyOf(undisturbed);
  }
}
