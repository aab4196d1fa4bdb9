package io.sirocco.worker.simulation;

import static io.sirocco.contracts.topic.Headers.DLT_ORIGINAL_OFFSET;
import static io.sirocco.contracts.topic.Headers.DLT_ORIGINAL_PARTITION;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.reply.ReplyCheckpoint.Choice;
import io.sirocco.contracts.usage.UsageEvent;
import io.sirocco.worker.offsets.Progress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;

/** What holds after every event, whatever goes wrong. */
enum Guarantee {
  /** What was read is the begin of the undisturbed answer: nothing repeated, nothing missing. */
  ONE_HISTORY(observed -> each(observed, Guarantee::requireOneHistory)),
  /**
   * An answer that has ended is the whole undisturbed answer, and no error unless it was cancelled, or
   * workers died of it.
   */
  ENDS_COMPLETE(observed -> each(observed, Guarantee::requireComplete)),
  /** A request record has at most one usage event that readers of committed records see. */
  BILLED_ONCE(observed -> {
    Set<String> billed = new HashSet<>();
    for (UsageEvent bill : observed.bills()) {
      if (!billed.add(bill.id())) {
        throw new AssertionError("expected one usage event, found two: " + bill);
      }
    }
  }),
  /** It bills the tokens that were read, after the end. */
  BILLED_AS_READ(observed -> {
    for (Asked asked : observed.asked()) {
      observed.bills(asked).forEach(bill -> requireBilledAsRead(asked, bill));
    }
  }),
  /**
   * Nothing that can be answered becomes a dead letter unless its reader is gone or workers died of it,
   * and no record does twice.
   */
  DEAD_LETTERS(observed -> {
    for (Asked asked : observed.asked()) {
      boolean may = !asked.isAnswerable() || asked.isGivenUp() || asked.isDeadly();
      require(may || !observed.isDeadLetter(asked), asked, "expected no dead letter");
    }
    Set<List<Object>> origins = new HashSet<>();
    for (SimLog.Entry letter : observed.deadLetters()) {
      if (!origins.add(origin(letter))) {
        throw new AssertionError("expected one dead letter, found two: " + letter);
      }
    }
  }),
  /** What was done once stays done. */
  ONLY_FORWARD(observed -> {
    Observed.Step step = observed.lastStep();
    if (step != null && !isForward(step)) {
      throw new AssertionError("expected progress, found " + step);
    }
  }),
  /** What is done is answered and billed. */
  DONE_IS_ANSWERED(observed -> {
    for (Asked asked : observed.asked()) {
      Progress progress = observed.progress(asked.requests());
      if (asked.offsets().stream().anyMatch(progress::isDone)) {
        boolean unread = !asked.isAnswerable() || asked.isGivenUp();
        require(
            asked.answer().end() != null || (unread && observed.isDeadLetter(asked)),
            asked,
            "done, but its answer has not ended");
        require(
            !hasFailed(asked) || observed.isDeadLetter(asked),
            asked,
            "done, but in no dead letter, though workers died of it");
        require(!observed.bills(asked).isEmpty(), asked, "done, but not billed");
      }
    }
  });

  @SuppressWarnings("ImmutableEnumChecker") // All of them are without state.
  private final Consumer<Observed> check;

  Guarantee(Consumer<Observed> check) {
    this.check = check;
  }

  /**
   * Checks it.
   *
   * @throws AssertionError when it does not hold
   */
  void check(Observed observed) {
    try {
      check.accept(observed);
    } catch (AssertionError e) {
      throw new AssertionError(this + ": " + e.getMessage(), e);
    }
  }

  private static void each(Observed observed, Consumer<Asked> check) {
    observed.asked().forEach(check);
  }

  private static void require(boolean condition, Asked asked, String fault) {
    if (!condition) {
      throw new AssertionError(asked.request().id() + ": " + fault);
    }
  }

  private static void requireOneHistory(Asked asked) {
    for (int index = 0; index < asked.undisturbed().size(); index++) {
      Choice whole = asked.undisturbed().get(index);
      Choice read = asked.choice(index);
      require(
          whole.text().startsWith(read.text()) && startsWith(whole.tokenIds(), read.tokenIds()),
          asked,
          "expected the begin of %s, found %s".formatted(whole, read));
    }
  }

  private static boolean startsWith(List<Integer> whole, List<Integer> begin) {
    return begin.size() <= whole.size() && whole.subList(0, begin.size()).equals(begin);
  }

  /** Whether it was found out that workers die of it. */
  private static boolean hasFailed(Asked asked) {
    return asked.isDeadly() && endsWith(asked, ErrorCode.SERVER_ERROR);
  }

  private static boolean endsWith(Asked asked, ErrorCode code) {
    var end = asked.answer().end();
    return end != null && end.error() != null && code.code().equals(end.error().code());
  }

  private static void requireComplete(Asked asked) {
    var end = asked.answer().end();
    if (end == null || hasFailed(asked)) {
      return;
    }
    if (asked.isCancelled() && end.error() != null) {
      require(
          endsWith(asked, ErrorCode.CANCELLED),
          asked,
          "expected an answer or a cancelled one, found " + end);
      return;
    }
    require(end.error() == null, asked, "expected an answer, found " + end);
    for (int index = 0; index < asked.undisturbed().size(); index++) {
      Choice whole = asked.undisturbed().get(index);
      Choice read = asked.choice(index);
      require(whole.equals(read), asked, "expected %s, found %s".formatted(whole, read));
    }
  }

  private static List<Object> origin(SimLog.Entry letter) {
    Headers headers = letter.record().headers();
    return Stream.of(DLT_ORIGINAL_PARTITION, DLT_ORIGINAL_OFFSET)
        .map(headers::lastHeader)
        .<Object>map(header -> header == null ? "" : ByteBuffer.wrap(header.value()))
        .toList();
  }

  private static void requireBilledAsRead(Asked asked, UsageEvent bill) {
    int read = asked.answer().completionTokens();
    if (!asked.isAnswerable()) {
      require(bill.completionTokens() == 0 && bill.failed(), asked, "billed as answered: " + bill);
      return;
    }
    if (asked.isGivenUp()) {
      require(bill.completionTokens() <= read, asked, "billed more than was read: " + bill);
      return;
    }
    require(asked.answer().end() != null, asked, "billed before its end");
    require(
        bill.completionTokens() == read,
        asked,
        "expected a bill of %d tokens, found %s".formatted(read, bill));
    var usage = Objects.requireNonNull(asked.answer().end()).usage();
    int prompt = usage == null ? 0 : usage.promptTokens();
    require(
        bill.promptTokens() == prompt,
        asked,
        "expected a bill of %d prompt tokens, found %s".formatted(prompt, bill));
    require(
        bill.cachedTokens() == (usage == null ? 0 : usage.cachedTokens()),
        asked,
        "expected a bill of the cached tokens of %s, found %s".formatted(usage, bill));
    boolean failed = Objects.requireNonNull(asked.answer().end()).error() != null;
    require(bill.failed() == failed, asked, "billed as another outcome: " + bill);
  }

  private static boolean isForward(Observed.Step step) {
    Progress before = step.before();
    Progress after = step.after();
    return after.watermark() >= before.watermark()
        && after.open().stream().noneMatch(before::isDone)
        && after.horizon() >= before.horizon();
  }
}
