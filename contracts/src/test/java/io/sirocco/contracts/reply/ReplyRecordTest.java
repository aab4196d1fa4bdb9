package io.sirocco.contracts.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.topic.Headers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyRecordTest {
  private final Map<String, byte[]> headers = new HashMap<>();

  ReplyRecordTest() {
    set(Headers.REQUEST_ID, "r0");
    set(Headers.EVENT, "delta");
    set(Headers.WRITER, "w0");
    set(Headers.ATTEMPT, "2");
    set(Headers.SEQUENCE, "17");
  }

  @Test
  void everyHeaderIsDecoded() {
    set(Headers.CHOICE, "1");
    set(Headers.TOKEN_IDS, "5,0,32000");
    set(Headers.SEED, "-7");

    assertThat(decode("{\"ü\":1}"))
        .isEqualTo(new ReplyRecord(
            9,
            1234,
            "r0",
            ReplyEvent.DELTA,
            "w0",
            2,
            17L,
            1,
            List.of(5, 0, 32000),
            -7L,
            "{\"ü\":1}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.5", "9223372036854775808", "seed"})
  void seedThatCannotBeReadIsNone(String seed) {
    set(Headers.SEED, seed);

    assertThat(decodeOrFail().seed()).isNull();
  }

  @Test
  void absentChoiceIsTheFirstAndAbsentTokensAreNone() {
    ReplyRecord reply = decodeOrFail();

    assertThat(reply.choice()).isZero();
    assertThat(reply.tokenIds()).isEmpty();
  }

  @Test
  void absentValueIsAnEmptyBody() {
    ReplyRecord reply = decode(null);

    assertThat(reply).isNotNull().extracting(ReplyRecord::body).isEqualTo("");
  }

  @Test
  void emptyListOfTokensIsNone() {
    set(Headers.TOKEN_IDS, "");

    assertThat(decodeOrFail().tokenIds()).isEmpty();
  }

  @Test
  void sequenceMayExceedAnInt() {
    set(Headers.SEQUENCE, "9223372036854775807");

    assertThat(decodeOrFail().sequence()).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @EnumSource
  void eventIsReadFromItsWireName(ReplyEvent event) {
    set(Headers.EVENT, event.wireName());
    if (!event.isSequenced()) {
      headers.remove(Headers.SEQUENCE);
    }

    assertThat(decodeOrFail().event()).isEqualTo(event);
  }

  @ParameterizedTest
  @CsvSource({
    "START, start",
    "DELTA, delta",
    "END, end",
    "ERROR, error",
    "RELEASE, release",
    "PROGRESS, progress"
  })
  void wireNamesNeverChange(ReplyEvent event, String wireName) {
    assertThat(event.wireName()).isEqualTo(wireName);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        Headers.REQUEST_ID,
        Headers.EVENT,
        Headers.WRITER,
        Headers.ATTEMPT,
        Headers.SEQUENCE
      })
  void recordWithoutARequiredHeaderIsForeign(String name) {
    headers.remove(name);

    assertThat(decode("{}")).isNull();
  }

  @Test
  void recordWithoutHeadersIsForeign() {
    headers.clear();

    assertThat(decode("{}")).isNull();
    assertThat(decode(null)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELTA", "Delta", "delta ", "", "tool_call", "\u0000"})
  void unknownEventIsForeign(String event) {
    set(Headers.EVENT, event);

    assertThat(decode("{}")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "release", "progress"})
  void eventOutsideTheSequenceThatCarriesOneIsForeign(String event) {
    set(Headers.EVENT, event);

    assertThat(decode("{}")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "attempt, ''",
    "attempt, 0",
    "attempt, -1",
    "attempt, 1.5",
    "attempt, one",
    "attempt, 2147483648",
    "sequence, ''",
    "sequence, -1",
    "sequence, 9223372036854775808",
    "sequence, ' 1'",
    "choice, ''",
    "choice, -1",
    "choice, x",
    "token-ids, ','",
    "token-ids, '1,'",
    "token-ids, '1,,2'",
    "token-ids, '1, 2'",
    "token-ids, '1,-2'",
    "token-ids, 99999999999"
  })
  void badNumberIsForeign(String name, String value) {
    set(name, value);

    assertThat(decode("{}")).isNull();
  }

  @Test
  void randomBytesNeverThrow() {
    Random random = new Random(20_250_801);
    List<String> names = List.copyOf(headers.keySet());
    int foreign = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(6)];
      random.nextBytes(noise);
      String name = names.get(random.nextInt(names.size()));
      byte[] before = headers.put(name, noise);

      foreign += ReplyRecord.decode(0, 0, headers::get, noise) == null ? 1 : 0;

      if (before != null) {
        headers.put(name, before);
      }
    }
    // Noise is a fine request id or writer, and nearly never a number or an event.
    assertThat(foreign).isBetween(10_000, 14_000);
  }

  private void set(String name, String value) {
    headers.put(name, value.getBytes(UTF_8));
  }

  private ReplyRecord decodeOrFail() {
    ReplyRecord reply = decode("{}");
    if (reply == null) {
      throw new AssertionError("expected a record of a reply log, found a foreign one");
    }
    return reply;
  }

  private @Nullable ReplyRecord decode(@Nullable String value) {
    return ReplyRecord.decode(9, 1234, headers::get, value == null ? null : value.getBytes(UTF_8));
  }
}
