package io.sirocco.streams;

import static io.sirocco.streams.TestUsage.event;
import static io.sirocco.streams.TestUsage.named;
import static io.sirocco.streams.TestUsage.price;

import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.UsageEvent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A day and a bit of random usage: 7 users, 6 models, of which one has no price and one has none for
 * the first half.
 *
 * <p>Immutable.
 *
 * @param begin the earliest time of an event
 * @param prices by model, some of them changing again and again
 * @param events one copy each
 */
public record RandomUsage(Instant begin, Map<String, List<Price>> prices, List<UsageEvent> events) {
  public static final Duration SPAN = Duration.ofHours(30);

  private static final int SPAN_MILLIS = (int) SPAN.toMillis();
  private static final List<String> OUTCOMES =
      List.of("stop", "stop", "stop", "stop", "server_error", "context_length_exceeded");
  private static final List<String> CURRENCIES = List.of("USD", "EUR");

  public static RandomUsage of(Instant begin, int events, Random random) {
    return new RandomUsage(begin, prices(begin, random), events(begin, events, random));
  }

  /** The events with copies of some, in any order. */
  public List<UsageEvent> shuffledWithCopies(Random random) {
    List<UsageEvent> sent = new ArrayList<>(events);
    events.stream().filter(event -> random.nextInt(3) == 0).forEach(sent::add);
    events.stream().filter(event -> random.nextInt(9) == 0).forEach(sent::add);
    Collections.shuffle(sent, random);
    return sent;
  }

  private static Map<String, List<Price>> prices(Instant begin, Random random) {
    Map<String, List<Price>> prices = new HashMap<>();
    for (int model = 0; model < 5; model++) {
      List<Price> list = new ArrayList<>();
      Instant from = model == 4 ? begin.plusMillis(SPAN_MILLIS / 2) : begin.minusSeconds(1);
      int changes = 2 + random.nextInt(3);
      for (int i = 0; i < changes; i++) {
        String currency = CURRENCIES.get(i % 2);
        list.add(
            price("m" + model, from, decimal(random), decimal(random), decimal(random), currency));
        from = from.plusMillis(1 + random.nextInt(SPAN_MILLIS / 3));
      }
      prices.put("m" + model, list);
    }
    return prices;
  }

  private static String decimal(Random random) {
    return new BigDecimal(BigInteger.valueOf(random.nextInt(1_000_000_000)), random.nextInt(13))
        .toPlainString();
  }

  private static List<UsageEvent> events(Instant begin, int count, Random random) {
    List<UsageEvent> events = new ArrayList<>();
    for (int offset = 0; offset < count; offset++) {
      int prompt = random.nextInt(5000);
      UsageEvent event = event(
          offset,
          "u" + random.nextInt(7),
          "m" + random.nextInt(6),
          begin.plusMillis(random.nextInt(SPAN_MILLIS)),
          prompt,
          random.nextInt(prompt + 1),
          random.nextInt(800),
          OUTCOMES.get(random.nextInt(OUTCOMES.size())));
      events.add(named("r-" + offset, event));
    }
    return events;
  }
}
