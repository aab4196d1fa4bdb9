package io.sirocco.embedded.load;

import io.sirocco.contracts.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of all that was asked under one load.
 *
 * <p>Immutable.
 *
 * @param load how much was asked, in words
 * @param seconds from the begin to the end of the last answer
 * @param answers how many are complete
 * @param errors how many are not, by the code of their error
 * @param promptTokens of the complete answers' prompts
 * @param completionTokens of the complete answers
 * @param tokensPerSecond tokens of complete answers, of all readers together
 * @param firstTokenMillis from when a request was due to its first text; null: no answer is complete
 * @param betweenTokensMillis from one piece of text to the next; null: there are no two
 * @param endToEndMillis from when a request was due to its end; null: no answer is complete
 */
public record StepReport(
    String load,
    double seconds,
    int answers,
    Map<String, Integer> errors,
    long promptTokens,
    long completionTokens,
    double tokensPerSecond,
    @Nullable Quantiles firstTokenMillis,
    @Nullable Quantiles betweenTokensMillis,
    @Nullable Quantiles endToEndMillis) {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double TENTHS = 10;

  static StepReport of(Load load, long startNanos, List<Reading> readings) {
    List<Reading> complete =
        readings.stream().filter(reading -> reading.error() == null).toList();
    Map<String, Integer> errors = new TreeMap<>();
    long endNanos = startNanos;
    for (Reading reading : readings) {
      endNanos = Math.max(endNanos, reading.endNanos());
      if (reading.error() != null) {
        errors.merge(reading.error(), 1, Integer::sum);
      }
    }
    List<Long> gaps = new ArrayList<>();
    complete.forEach(reading -> gaps.addAll(reading.gapNanos()));
    List<Usage> usages =
        complete.stream().map(Reading::usage).filter(Objects::nonNull).toList();
    long completionTokens = usages.stream().mapToLong(Usage::completionTokens).sum();
    double seconds = (endNanos - startNanos) / NANOS_PER_SECOND;
    return new StepReport(
        load.label(),
        tenths(seconds),
        complete.size(),
        errors,
        usages.stream().mapToLong(Usage::promptTokens).sum(),
        completionTokens,
        seconds > 0 ? tenths(completionTokens / seconds) : 0,
        Quantiles.of(complete.stream()
            .map(Reading::firstNanos)
            .filter(nanos -> nanos >= 0)
            .toList()),
        Quantiles.of(gaps),
        Quantiles.of(complete.stream().map(Reading::wholeNanos).toList()));
  }

  private static double tenths(double value) {
    return Math.rint(value * TENTHS) / TENTHS;
  }

  /** How many are not complete. */
  int failed() {
    return errors.values().stream().mapToInt(Integer::intValue).sum();
  }
}
