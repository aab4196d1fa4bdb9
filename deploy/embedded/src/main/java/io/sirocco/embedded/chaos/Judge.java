package io.sirocco.embedded.chaos;

import static java.util.Objects.requireNonNull;

import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.usage.UsageEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Holds what was seen against what is promised.
 *
 * <p>Confined to the main thread.
 */
final class Judge {
  private final Evidence evidence;
  private final Map<String, List<UsageEvent>> bills = new HashMap<>();
  private final List<Violation> violations = new ArrayList<>();
  private final List<String> nearTies = new ArrayList<>();

  private Judge(Evidence evidence) {
    this.evidence = evidence;
  }

  /** Judges every request. */
  static Verdict judge(Evidence evidence) {
    return new Judge(evidence).verdict();
  }

  private Verdict verdict() {
    for (UsageEvent bill : evidence.bills()) {
      bills.computeIfAbsent(bill.requestId(), id -> new ArrayList<>()).add(bill);
    }
    long tokens = 0;
    long takenOver = 0;
    for (Asked asked : evidence.asked()) {
      Answer early = requireNonNull(evidence.early().get(asked.requestId()), "early answer");
      Answer late = requireNonNull(evidence.late().get(asked.requestId()), "late answer");
      judge(asked, early, late);
      judgeBill(asked.requestId(), late, bills.remove(asked.requestId()));
      tokens += late.tokens();
      takenOver += late.attempts() > 1 ? 1 : 0;
    }
    bills.forEach((id, events) ->
        broken(Guarantee.BILLED_ONCE, id, "expected no bill, as nobody asked, found " + events));
    evidence
        .deadLetters()
        .forEach(id -> broken(Guarantee.NO_DEAD_LETTER, id, "found its request there"));
    return new Verdict(violations, nearTies, tokens, takenOver);
  }

  private void judge(Asked asked, Answer early, Answer late) {
    String id = asked.requestId();
    if (!early.agreesWith(late)) {
      broken(Guarantee.READERS_AGREE, id, "early %s, late %s".formatted(brief(early), brief(late)));
    }
    if (late.fault() != null) {
      broken(Guarantee.ONE_HISTORY, id, late.fault());
    }
    if (!late.ended() || late.error() != null) {
      broken(Guarantee.ONE_END, id, "expected an end, found " + brief(late));
      return;
    }
    if (late.usage() == null || late.usage().completionTokens() != late.tokens()) {
      broken(
          Guarantee.ONE_HISTORY,
          id,
          "expected usage of %d tokens, found %s".formatted(late.tokens(), late.usage()));
    }
    compare(asked, late);
  }

  private void compare(Asked asked, Answer found) {
    Undisturbed expected = evidence.undisturbed().get(asked.question().number());
    if (expected == null) {
      return;
    }
    boolean near = false;
    for (int choice = 0; choice < asked.question().choices(); choice++) {
      ReplyCheckpoint.Choice right = expected.answer().choices().get(choice);
      ReplyCheckpoint.Choice given = found.choices().get(choice);
      if (given.equals(right)) {
        continue;
      }
      int place = firstDifference(right.tokenIds(), given.tokenIds());
      if (expected.isNearTie(choice, place)) {
        near = true;
      } else {
        broken(
            Guarantee.UNDISTURBED,
            asked.requestId(),
            "question %d, choice %d differs from token %d on: %d tokens, %s, expected %d tokens, %s"
                .formatted(
                    asked.question().number(),
                    choice,
                    place,
                    given.tokenIds().size(),
                    given.finishReason(),
                    right.tokenIds().size(),
                    right.finishReason()));
      }
    }
    if (near) {
      nearTies.add(asked.requestId());
    }
  }

  private static int firstDifference(List<Integer> right, List<Integer> given) {
    int place = 0;
    while (place < right.size()
        && place < given.size()
        && right.get(place).equals(given.get(place))) {
      place++;
    }
    return place;
  }

  private void judgeBill(String id, Answer answer, @Nullable List<UsageEvent> events) {
    if (events == null || events.size() != 1) {
      broken(
          Guarantee.BILLED_ONCE,
          id,
          "expected 1 usage event, found " + (events == null ? 0 : events.size()));
      return;
    }
    UsageEvent bill = events.get(0);
    if (bill.completionTokens() != answer.tokens()) {
      broken(
          Guarantee.BILLED_RIGHT,
          id,
          "expected %d completion tokens on the bill, found %d"
              .formatted(answer.tokens(), bill.completionTokens()));
    }
    if (answer.usage() != null && bill.promptTokens() != answer.usage().promptTokens()) {
      broken(
          Guarantee.BILLED_RIGHT,
          id,
          "expected %d prompt tokens on the bill, found %d"
              .formatted(answer.usage().promptTokens(), bill.promptTokens()));
    }
  }

  /** Without the text, which is nobody's business. */
  private static String brief(Answer answer) {
    String end = answer.ended() ? answer.error() == null ? "ended" : answer.error() : "open";
    return "%s with %d tokens after %d attempts".formatted(end, answer.tokens(), answer.attempts());
  }

  private void broken(Guarantee guarantee, String id, String found) {
    violations.add(new Violation(guarantee, id, found));
  }
}
