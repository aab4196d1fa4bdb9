package io.sirocco.streams;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Money;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.Receipt;
import io.sirocco.contracts.usage.UsageEvent;
import java.time.Instant;

/** Usage events and prices in one line each. */
public final class TestUsage {
  private TestUsage() {}

  /** An event of a request that ended well; the offset makes it unique. */
  public static UsageEvent event(
      long offset,
      String user,
      String model,
      Instant ended,
      int prompt,
      int cached,
      int completion) {
    return event(offset, user, model, ended, prompt, cached, completion, "stop");
  }

  public static UsageEvent event(
      long offset,
      String user,
      String model,
      Instant ended,
      int prompt,
      int cached,
      int completion,
      String outcome) {
    return new UsageEvent(
        user,
        model,
        "request",
        Topics.requests(model),
        0,
        offset,
        prompt,
        cached,
        completion,
        outcome,
        ended.minusSeconds(2).toEpochMilli(),
        ended.toEpochMilli());
  }

  /** A price in dollars per million tokens of each kind. */
  public static Price price(
      String model, Instant from, String prompt, String cached, String completion) {
    return price(model, from, prompt, cached, completion, "USD");
  }

  public static Price price(
      String model,
      Instant from,
      String prompt,
      String cached,
      String completion,
      String currency) {
    return new Price(
        model,
        Decimal.of(prompt),
        Decimal.of(cached),
        Decimal.of(completion),
        currency,
        from.toEpochMilli());
  }

  public static Money usd(String amount) {
    return new Money("USD", Decimal.of(amount));
  }

  /** The receipt of a reader that saw just what is billed. */
  public static Receipt receipt(UsageEvent event) {
    return receipt(event, event.completionTokens());
  }

  /** The receipt of a reader that counted that many tokens. */
  public static Receipt receipt(UsageEvent event, int seen) {
    return new Receipt(
        event.user(),
        event.requestId(),
        "chat.replies.test",
        0,
        event.requestOffset(),
        event.promptTokens(),
        event.cachedTokens(),
        event.completionTokens(),
        seen,
        event.outcome(),
        event.endedMillis() - 1);
  }

  /** The same event under another request id. */
  public static UsageEvent named(String requestId, UsageEvent event) {
    return new UsageEvent(
        event.user(),
        event.model(),
        requestId,
        event.requestTopic(),
        event.requestPartition(),
        event.requestOffset(),
        event.promptTokens(),
        event.cachedTokens(),
        event.completionTokens(),
        event.outcome(),
        event.requestedMillis(),
        event.endedMillis());
  }
}
