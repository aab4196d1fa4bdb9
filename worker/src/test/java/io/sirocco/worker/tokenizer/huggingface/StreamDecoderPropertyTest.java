package io.sirocco.worker.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.worker.model.folder.CheckpointFolders;
import io.sirocco.worker.tokenizer.RandomText;
import io.sirocco.worker.tokenizer.StreamDecoder;
import io.sirocco.worker.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streamed text, joined, is the text decoded at once, and each part is whole characters. */
class StreamDecoderPropertyTest {
  private static final int CASES = 2_000;

  /** The id of the token for the byte 0. */
  private static final int FIRST_BYTE = 3;

  private static HuggingFaceTokenizer mistral;
  private static HuggingFaceTokenizer demo;

  @BeforeAll
  static void load() throws Exception {
    mistral = HuggingFaceTokenizer.load(CheckpointFolders.VOCABULARY_32K.resolve("tokenizer.json"));
    demo = HuggingFaceTokenizer.load(CheckpointFolders.DEMO.resolve("tokenizer.json"));
  }

  @AfterAll
  static void close() {
    mistral.close();
    demo.close();
  }

  @Test
  void referenceTextsStreamAsTheyDecode() throws Exception {
    for (TokenizerPairs.Pair pair : TokenizerPairs.read()) {
      assertStreams(mistral, pair.trustedIds(), pair.text());
      assertStreams(mistral, pair.textIds(), pair.text());
      assertStreams(demo, demo.encodeText(pair.text()), pair.text());
    }
  }

  @Test
  void randomTextsStreamAsTheyDecode() {
    Random random = new Random(20_260_801);
    for (int i = 0; i < CASES; i++) {
      String text = RandomText.draw(random, 24);
      for (Tokenizer tokenizer : List.of(mistral, demo)) {
        String joined = assertStreams(tokenizer, tokenizer.encodeText(text), text);
        assertThat(joined).as("case %d", i).isEqualTo(text);
      }
    }
  }

  @Test
  void charactersOfSeveralTokensComeWhole() {
    StreamDecoder decoder = new StreamDecoder(demo);
    List<String> parts = new ArrayList<>();
    for (int id : demo.encodeText("x\uD83D\uDE00\uD83D\uDE01")) {
      parts.add(decoder.append(id));
    }
    assertThat(decoder.flush()).isEmpty();
    assertThat(parts.stream().filter(part -> !part.isEmpty()))
        .containsExactly("x", "\uD83D\uDE00", "\uD83D\uDE01");
  }

  @Test
  void halfACharacterComesAtTheEndAsReplacement() {
    int[] ids = demo.encodeText("x\uD83D\uDE00");
    StreamDecoder decoder = new StreamDecoder(demo);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ids.length - 1; i++) {
      text.append(decoder.append(ids[i]));
    }
    assertThat(text).hasToString("x");
    assertThat(decoder.flush()).isNotEmpty().matches("\uFFFD+");
  }

  @Test
  void controlTokensGiveNoText() throws Exception {
    int[] ids = mistral.encodeTrusted("Hello<s> world</s>");
    assertThat(ids).contains(1, 2);
    assertStreams(mistral, ids, "Hello<s> world</s>");
  }

  @Test
  void bytesThatFormNoCharacterStreamAsTheyDecode() {
    Random random = new Random(20_260_802);
    for (int i = 0; i < CASES; i++) {
      int[] word = mistral.encodeText("word".substring(random.nextInt(4)));
      IntStream spoilt = random.ints(random.nextInt(12), FIRST_BYTE + 0x80, FIRST_BYTE + 0xC0);
      int[] ids = Stream.of(IntStream.of(word), spoilt, IntStream.of(word), IntStream.of(2, 2))
          .flatMapToInt(part -> part)
          .toArray();
      assertStreams(mistral, ids, "case " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, FIRST_BYTE + 0x80, FIRST_BYTE + 0xE4})
  void tokensThatGiveNoCharacterTakeLinearWork(int tokenId) {
    CountingTokenizer counting = new CountingTokenizer(mistral);
    StreamDecoder decoder = new StreamDecoder(counting);
    for (int id : mistral.encodeText("Once")) {
      decoder.append(id);
    }
    int tokens = 16_000;
    for (int i = 0; i < tokens; i++) {
      decoder.append(tokenId);
    }
    assertThat(counting.decoded()).isLessThan(40L * tokens);
    assertThat(decoder.held()).isLessThanOrEqualTo(4);
  }

  private static String assertStreams(Tokenizer tokenizer, int[] ids, String description) {
    StreamDecoder decoder = new StreamDecoder(tokenizer);
    List<String> parts = new ArrayList<>();
    for (int id : ids) {
      parts.add(decoder.append(id));
    }
    parts.add(decoder.flush());
    assertThat(String.join("", parts)).as(description).isEqualTo(tokenizer.decode(ids));
    assertThat(parts)
        .as(description)
        .noneMatch(part -> !part.isEmpty()
            && (Character.isLowSurrogate(part.charAt(0))
                || Character.isHighSurrogate(part.charAt(part.length() - 1))));
    return String.join("", parts);
  }
}
