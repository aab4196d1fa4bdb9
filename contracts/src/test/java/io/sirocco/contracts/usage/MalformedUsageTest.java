package io.sirocco.contracts.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sirocco.contracts.json.GoldenJson;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A bill is no place for a guess: what is absent or out of range is refused, never taken as 0. */
class MalformedUsageTest {
  private final JsonCodec codec = new JsonCodec();

  static Stream<Arguments> wrongEvents() {
    return Stream.of(
        arguments("'completion_tokens':46,", "", "[completion_tokens] "),
        arguments("'ended_ms':1754000001250", "'x':1", "[ended_ms] "),
        arguments("'user':'u-17',", "", "[] expected the member user, found none"),
        arguments("'u-17'", "''", "[] expected a text as user, found an empty one"),
        arguments("'breeze-7b',", "'',", "[] expected a text as model, found an empty one"),
        arguments(":46", ":-1", "[] expected 0 or more as completion_tokens, found -1"),
        arguments(":46", ":'46'", "[completion_tokens] expected a whole number, found a string"),
        arguments(":3,", ":-3,", "[] expected 0 or more as request_partition, found -3"),
        arguments(
            ":1024",
            ":1118",
            "[] expected at most the 1117 prompt_tokens as cached_tokens, found 1118"),
        arguments(
            "1754000001250",
            "1754000001",
            "[] expected ended_ms in milliseconds since the epoch, from 2001 to 2286,"
                + " found 1754000001"),
        arguments(
            "1754000001250",
            "1754000001250000",
            "[] expected ended_ms in milliseconds since the epoch, from 2001 to 2286,"
                + " found 1754000001250000"));
  }

  @ParameterizedTest
  @MethodSource("wrongEvents")
  void wrongEventIsRefused(String right, String wrong, String expected) {
    assertThat(fault("usage-event", right, wrong, UsageEvent.class)).startsWith(expected);
  }

  static Stream<Arguments> wrongPrices() {
    String decimal = "expected a plain decimal number such as \"0.075\", found another text";
    return Stream.of(
        arguments("'0.25'", "0.25", "[prices[0].prompt_per_million] expected "),
        arguments("'0.25'", "'1e99999999'", "[prices[0].prompt_per_million] " + decimal),
        arguments("'0.25'", "'cheap'", "[prices[0].prompt_per_million] " + decimal),
        arguments("'0.25'", "'" + "1".repeat(31) + "'", "[prices[0].prompt_per_million] "),
        arguments("'0.25'", "'-0.25'", "[prices[0]] expected 0 or more as prompt_per_million"),
        arguments("'completion_per_million':'1.5',", "", "[prices[0]] expected the member "),
        arguments("'USD'", "'ZZZ'", "[prices[0]] expected the ISO 4217 code of a currency"),
        arguments(",'effective_from_ms':1735689600000", "", "[prices[0].effective_from_ms] "),
        arguments("1754006400000", "1735689600000", "[] expected one price for a time"),
        arguments(
            "{'model':'breeze-7b','prompt_per_million':'0.2',",
            "{'model':'gale-7b','prompt_per_million':'0.2',",
            "[] expected prices of one model, found two models"));
  }

  @ParameterizedTest
  @MethodSource("wrongPrices")
  void wrongPriceIsRefused(String right, String wrong, String expected) {
    assertThat(fault("price-list", right, wrong, PriceList.class)).startsWith(expected);
  }

  private String fault(String golden, String right, String wrong, Class<?> type) {
    String json = GoldenJson.v1(golden);
    String changed = json.replaceFirst(
        Pattern.quote(right.replace('\'', '"')),
        Matcher.quoteReplacement(wrong.replace('\'', '"')));
    assertThat(changed).isNotEqualTo(json);
    MalformedJsonException fault =
        catchThrowableOfType(MalformedJsonException.class, () -> codec.read(changed, type));
    return "[" + fault.field() + "] " + fault.getMessage();
  }
}
