package io.sirocco.contracts.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorBody;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands on a topic, it is read or it is malformed: a seeded hail of broken records. */
class JsonCodecPropertyTest {
  private static final int RECORDS = 4_000;
  private static final List<Class<?>> TYPES =
      List.of(ChatRequest.class, ChatChunk.class, ChatCompletion.class, ErrorBody.class, Map.class);
  private static final List<String> SEEDS = List.of(
      GoldenJson.v1("request-full"),
      GoldenJson.v1("request-parts"),
      GoldenJson.v1("request-unknown-fields"),
      GoldenJson.v1("chunk-delta"),
      GoldenJson.v1("completion"),
      GoldenJson.v1("error-with-usage"));

  /** What goes in between; the numbers are those that no parser likes. */
  private static final List<String> PIECES = List.of(
      "1e99999999999",
      "-1E-99999999999",
      "1e2147483647",
      "1e-2147483648",
      "0.1e2147483648",
      "1e1000000",
      "9".repeat(1200),
      "-0",
      "1.",
      "\"\\ud800\"",
      "\"\\u0000\"",
      "\"\\x\"",
      "[".repeat(600),
      "{\"a\":".repeat(600),
      "{}",
      "[[]]",
      "null",
      "true",
      "NaN",
      "\"",
      ",",
      ":",
      "{\"type\":\"text\",\"text\":null}");

  private final JsonCodec codec = new JsonCodec();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void brokenRecordIsMalformedAndNothingElse(long seed) {
    Random random = new Random(seed);
    int refused = 0;
    for (int number = 0; number < RECORDS; number++) {
      byte[] bytes = broken(random);
      for (Class<?> type : TYPES) {
        refused += isRefused(bytes, type) ? 1 : 0;
      }
    }
    assertThat(refused).isGreaterThan(RECORDS);
  }

  private boolean isRefused(byte[] bytes, Class<?> type) {
    try {
      codec.writeBytes(codec.read(bytes, type));
      return false;
    } catch (MalformedJsonException e) {
      return true;
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(
          "reading as " + type.getSimpleName() + ": " + new String(bytes, UTF_8), e);
    }
  }

  private static byte[] broken(Random random) {
    if (random.nextInt(20) == 0) {
      byte[] noise = new byte[random.nextInt(64)];
      random.nextBytes(noise);
      return noise;
    }
    String seed = SEEDS.get(random.nextInt(SEEDS.size()));
    byte[] bytes = withPiece(seed, PIECES.get(random.nextInt(PIECES.size())), random);
    for (int flips = random.nextInt(3); flips > 0 && bytes.length > 0; flips--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)) : bytes;
  }

  /** In the place of a value, most often, for that leaves JSON. */
  private static byte[] withPiece(String json, String piece, Random random) {
    List<Integer> values = new ArrayList<>();
    for (int at = json.indexOf(':'); at >= 0; at = json.indexOf(':', at + 1)) {
      values.add(at + 1);
    }
    int begin = random.nextInt(5) == 0
        ? random.nextInt(json.length())
        : values.get(random.nextInt(values.size()));
    int end = begin;
    while (end < json.length() && ",]}\n".indexOf(json.charAt(end)) < 0) {
      end++;
    }
    return (json.substring(0, begin) + piece + json.substring(end)).getBytes(UTF_8);
  }
}
