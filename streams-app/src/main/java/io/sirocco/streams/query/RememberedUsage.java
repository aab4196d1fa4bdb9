package io.sirocco.streams.query;

import static java.util.Objects.requireNonNull;

import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.reconciliation.Reconciliation;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Remembers answers that tell all users apart, for twenty times as long as it took to find them, but at
 * least a second and at most a minute: however many pages ask again with each request that ends, a
 * twentieth of one processor goes into it. All other questions cost little and are asked each time.
 *
 * <p>Thread-safe: one such question is looked into at a time.
 */
public final class RememberedUsage implements UsageSource {
  private static final int TIMES = 20;
  private static final long LEAST_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long MOST_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MOST_ANSWERS = 8;

  /** An answer, and until when it is given. */
  private record Answer(List<WindowTotals> rows, long endNanos) {}

  private final UsageSource source;
  private final LongSupplier nanoTime;
  private final Map<UsageQuestion, Answer> answers = new LinkedHashMap<>();

  /**
   * @param source what is known
   * @param nanoTime a clock such as {@link System#nanoTime()}
   */
  public RememberedUsage(UsageSource source, LongSupplier nanoTime) {
    this.source = requireNonNull(source, "source");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
  }

  @Override
  public List<WindowTotals> totals(UsageQuestion question) {
    return question.user() == null ? remembered(aligned(question)) : source.totals(question);
  }

  private synchronized List<WindowTotals> remembered(UsageQuestion question) {
    long begin = nanoTime.getAsLong();
    answers.values().removeIf(answer -> answer.endNanos - begin <= 0);
    Answer known = answers.get(question);
    if (known != null) {
      return known.rows;
    }
    List<WindowTotals> rows = source.totals(question);
    long end = nanoTime.getAsLong();
    long fresh = Math.min(MOST_NANOS, Math.max(LEAST_NANOS, TIMES * (end - begin)));
    if (answers.size() == MOST_ANSWERS) {
      answers.remove(answers.keySet().iterator().next());
    }
    answers.put(question, new Answer(rows, end + fresh));
    return rows;
  }

  /** The same windows begin in a time as in the one that begins and ends with windows. */
  private static UsageQuestion aligned(UsageQuestion question) {
    WindowSize window = question.window();
    return new UsageQuestion(
        window,
        firstFrom(window, question.fromMillis()),
        firstFrom(window, question.toMillis()),
        question.user(),
        question.model());
  }

  private static long firstFrom(WindowSize window, long millis) {
    return window.endOf(window.startOf(millis - 1));
  }

  @Override
  public List<LatencyCount> latency(UsageQuestion question) {
    return source.latency(question);
  }

  @Override
  public List<PricedUsage> requests(RequestsQuestion question) {
    return source.requests(question);
  }

  @Override
  public Reconciliation reconciliation(TimeQuestion question) {
    return source.reconciliation(question);
  }
}
