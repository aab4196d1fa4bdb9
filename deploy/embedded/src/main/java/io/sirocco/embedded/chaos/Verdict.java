package io.sirocco.embedded.chaos;

import java.util.ArrayList;
import java.util.List;

/**
 * What the evidence says.
 *
 * <p>Immutable.
 *
 * @param violations what was broken
 * @param nearTies the requests whose answers differ from the undisturbed ones by rounding
 * @param tokens the ids that readers accepted, of all answers
 * @param takenOver how many answers more than one writer worked on
 */
record Verdict(List<Violation> violations, List<String> nearTies, long tokens, long takenOver) {
  Verdict {
    violations = List.copyOf(violations);
    nearTies = List.copyOf(nearTies);
  }

  /** The same, with further violations. */
  Verdict and(List<Violation> more) {
    List<Violation> all = new ArrayList<>(violations);
    all.addAll(more);
    return new Verdict(all, nearTies, tokens, takenOver);
  }
}
