package io.sirocco.streams.report;

import static io.sirocco.streams.TestUsage.event;
import static io.sirocco.streams.TestUsage.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.InMemoryUsage;
import io.sirocco.streams.pricing.PricedUsage;
import io.sirocco.streams.query.LatencyCount;
import io.sirocco.streams.query.RememberedUsage;
import io.sirocco.streams.query.RequestsQuestion;
import io.sirocco.streams.query.TimeQuestion;
import io.sirocco.streams.query.UsageQuestion;
import io.sirocco.streams.query.UsageSource;
import io.sirocco.streams.reconciliation.Reconciliation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RememberedUsageTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final AtomicLong nanos = new AtomicLong();
  private final SlowUsage slow = new SlowUsage(nanos, Duration.ofSeconds(1));
  private final RememberedUsage usage = new RememberedUsage(slow, nanos::get);

  @Test
  void usersAreToldApartOnceInTwentyTimesAsLongAsItTakes() {
    List<WindowTotals> first = usage.totals(days(null, 1));
    nanos.addAndGet(Duration.ofSeconds(19).toNanos());
    assertThat(usage.totals(days(null, 2))).isEqualTo(first).isNotEmpty();
    assertThat(slow.asked).isEqualTo(1);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(usage.totals(days(null, 1))).isEqualTo(first);
    assertThat(slow.asked).isEqualTo(2);
  }

  @Test
  void oneUserIsLookedUpEachTime() {
    assertThat(usage.totals(days("ada", 1))).hasSize(1);
    assertThat(usage.totals(days("ada", 1))).hasSize(1);

    assertThat(slow.asked).isEqualTo(2);
  }

  @Test
  void anotherDayIsAnotherQuestion() {
    assertThat(usage.totals(days(null, 1))).isNotEmpty();
    assertThat(usage.totals(days(null, Duration.ofDays(2).toMillis()))).isEmpty();
  }

  /** Days that begin so many milliseconds after the midnight before noon, less one, or later. */
  private static UsageQuestion days(@Nullable String user, long after) {
    long begin = NOON.minus(Duration.ofDays(1)).toEpochMilli() + after;
    return new UsageQuestion(
        WindowSize.DAY, begin, begin + Duration.ofDays(2).toMillis(), user, null);
  }

  /** Takes its time to answer. */
  private static final class SlowUsage implements UsageSource {
    private final InMemoryUsage usage = new InMemoryUsage(
        new PricedUsage(event(0, "ada", "breeze", NOON, 10, 4, 5), usd("0.25")),
        new PricedUsage(event(1, "bob", "breeze", NOON, 10, 4, 5), usd("0.5")));
    private final AtomicLong nanos;
    private final Duration duration;
    int asked;

    SlowUsage(AtomicLong nanos, Duration duration) {
      this.nanos = nanos;
      this.duration = duration;
    }

    @Override
    public List<WindowTotals> totals(UsageQuestion question) {
      asked++;
      nanos.addAndGet(duration.toNanos());
      return usage.totals(question);
    }

    @Override
    public List<LatencyCount> latency(UsageQuestion question) {
      return usage.latency(question);
    }

    @Override
    public List<PricedUsage> requests(RequestsQuestion question) {
      return usage.requests(question);
    }

    @Override
    public Reconciliation reconciliation(TimeQuestion question) {
      return usage.reconciliation(question);
    }
  }
}
