package io.sirocco.worker.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LongestTokenTest {
  private static final String VOCABULARY = "\"vocab\":{\"a\":0,\"abcd\":1,\"ab\":2}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "null | null",
        "{\"type\":\"Prepend\",\"prepend\":\"_\"} | {\"type\":\"Metaspace\"}",
        "{\"type\":\"Replace\",\"pattern\":{\"String\":\" \"},\"content\":\"_\"} | null",
        "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Prepend\"}]} | null",
        "null | {\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"behavior\":\"Isolated\"}]}"
      })
  void vocabularyIsTheBoundWhereEveryCharacterReachesIt(String normalizer, String preTokenizer) {
    assertThat(LongestToken.chars(json(normalizer, preTokenizer, true))).hasValue(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"NFKC\"} | null",
        "{\"type\":\"Strip\"} | null",
        "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Prepend\"},{\"type\":\"NFC\"}]} | null",
        "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" +\"},\"content\":\"_\"} | null",
        "{\"type\":\"Replace\",\"pattern\":{\"String\":\"  \"},\"content\":\"_\"} | null",
        "null | {\"type\":\"Whitespace\"}",
        "null | {\"type\":\"Split\",\"behavior\":\"Removed\"}"
      })
  void nothingIsSaidWhereCharactersMayGetLost(String normalizer, String preTokenizer) {
    assertThat(LongestToken.chars(json(normalizer, preTokenizer, true))).isEmpty();
  }

  @Test
  void nothingIsSaidWhereUnknownCharactersShareAToken() {
    assertThat(LongestToken.chars(json("null", "null", false))).isEmpty();
    assertThat(LongestToken.chars(json("null", "{\"type\":\"ByteLevel\"}", false)))
        .hasValue(4);
  }

  private static JsonNode json(String normalizer, String preTokenizer, boolean byteFallback) {
    return JsonMapper.shared()
        .readTree("{\"normalizer\":%s,\"pre_tokenizer\":%s,\"model\":{\"byte_fallback\":%b,%s}}"
            .formatted(normalizer, preTokenizer, byteFallback, VOCABULARY));
  }
}
