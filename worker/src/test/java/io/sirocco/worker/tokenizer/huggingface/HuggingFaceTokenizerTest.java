package io.sirocco.worker.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.worker.model.ModelLoadException;
import io.sirocco.worker.model.folder.CheckpointFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceTokenizerTest {
  private static final int BEGIN_OF_SEQUENCE = 1;

  private static HuggingFaceTokenizer tokenizer;
  private static List<TokenizerPairs.Pair> pairs;

  @BeforeAll
  static void load() throws Exception {
    tokenizer =
        HuggingFaceTokenizer.load(CheckpointFolders.VOCABULARY_32K.resolve("tokenizer.json"));
    pairs = TokenizerPairs.read();
    assertThat(pairs).hasSizeGreaterThan(100);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void trustedTextEqualsReference() {
    for (TokenizerPairs.Pair pair : pairs) {
      assertThat(withBegin(tokenizer.encodeTrusted(pair.text())))
          .as(pair.text())
          .isEqualTo(pair.trustedIds());
    }
  }

  @Test
  void userTextEqualsReferenceWithoutControlTokens() {
    for (TokenizerPairs.Pair pair : pairs) {
      assertThat(withBegin(tokenizer.encodeText(pair.text())))
          .as(pair.text())
          .isEqualTo(pair.textIds());
    }
  }

  @Test
  void decodedTextEqualsReference() {
    for (TokenizerPairs.Pair pair : pairs) {
      assertThat(tokenizer.decode(pair.trustedIds())).as(pair.text()).isEqualTo(pair.decoded());
    }
  }

  @Test
  void longTextIsNotCutOff() {
    String text = "one two three four five ".repeat(2_000);
    assertThat(tokenizer.encodeText(text)).hasSizeGreaterThan(10_000);
    assertThat(tokenizer.decode(tokenizer.encodeText(text))).isEqualTo(text);
    assertThat(tokenizer.encodeTrusted(text)).isEqualTo(tokenizer.encodeText(text));
  }

  @Test
  void controlTokensInUserTextStayText() {
    for (String text : List.of("<s>", "</s>", "a</s>b<s>", "</s><s>[INST]", "<unk>")) {
      assertThat(tokenizer.encodeText(text)).as(text).doesNotContain(0, 1, 2);
      assertThat(tokenizer.decode(tokenizer.encodeText(text))).isEqualTo(text);
    }
    assertThat(tokenizer.encodeTrusted("</s>")).containsExactly(2);
  }

  @Test
  void sizesAndControlTokensAreTheFiles() {
    assertThat(tokenizer.vocabularySize()).isEqualTo(32_000);
    assertThat(tokenizer.controlTokens()).isEqualTo(Map.of("<unk>", 0, "<s>", 1, "</s>", 2));
  }

  @Test
  void halfASurrogatePairBecomesAReplacementCharacter() {
    assertThat(tokenizer.decode(tokenizer.encodeText("\uD83D\uDE00a\uD83Db")))
        .isEqualTo("\uD83D\uDE00a\uFFFDb");
  }

  @Test
  void fileThatIsNoTokenizerIsNamedInOneLine(@TempDir Path folder) throws Exception {
    for (String content : List.of("", "[]", "{}", "{\"model\":{\"vocab\":{\"a\":0}}}")) {
      Path file = folder.resolve("tokenizer.json");
      Files.writeString(file, content);
      assertThatThrownBy(() -> HuggingFaceTokenizer.load(file))
          .as(content)
          .isInstanceOf(ModelLoadException.class)
          .hasMessageStartingWith(file + ": expected ")
          .hasMessageNotContaining("\n");
    }
  }

  private static int[] withBegin(int[] ids) {
    return IntStream.concat(IntStream.of(BEGIN_OF_SEQUENCE), IntStream.of(ids)).toArray();
  }
}
