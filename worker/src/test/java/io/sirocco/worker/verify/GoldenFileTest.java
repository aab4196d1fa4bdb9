package io.sirocco.worker.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.worker.model.folder.CheckpointFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenFileTest {
  @TempDir
  private Path folder;

  @Test
  void everyFormOfLogitsIsRead() throws Exception {
    GoldenCase golden = read("""
        {"cases": [{"name": "x", "prompt": [1, 7],
          "logits": [[0.5, 1.5], [2.5, 3.5]],
          "top5": [[[4, 4.5]], [[5, 5.5]]],
          "last_logits_top10": [[6, 6.5]],
          "logits_last_first64": [7.5],
          "logits_last_l2": 8.5}]}
        """).cases().get(0);
    assertThat(golden.logits())
        .containsExactly(
            new TokenLogit(0, 0, 0.5),
            new TokenLogit(0, 1, 1.5),
            new TokenLogit(1, 0, 2.5),
            new TokenLogit(1, 1, 3.5),
            new TokenLogit(0, 4, 4.5),
            new TokenLogit(1, 5, 5.5),
            new TokenLogit(1, 6, 6.5),
            new TokenLogit(1, 0, 7.5));
    assertThat(golden.lastNorm()).isEqualTo(8.5);
  }

  @Test
  void greedyTokensAreCutAfterTheEndOfSequence() throws Exception {
    GoldenFile file = read("""
        {"cases": [
          {"prompt": [1], "greedy48_ignore_eos": [5, 6, 2, 9], "tokens_until_eos": 3},
          {"prompt": [1], "greedy48_ignore_eos": [5, 6, 7, 9], "tokens_until_eos": null},
          {"prompt": [1], "greedy32_ignore_eos": [5, 2, 7, 9]},
          {"prompt": [1], "greedy64_ignore_eos": [5, 3]}]}
        """);
    assertThat(file.cases().get(0).greedy()).containsExactly(5, 6, 2);
    assertThat(file.cases().get(1).greedy()).containsExactly(5, 6, 7, 9);
    assertThat(file.cases().get(2).greedy()).containsExactly(5, 2, 7, 9);
    assertThat(file.cases().get(3).greedy()).containsExactly(5, 3);
    assertThat(file.contextTokens()).isEqualTo(5);
  }

  @Test
  void referenceFilesAreReadWhole() throws Exception {
    GoldenFile file = GoldenFile.read(CheckpointFolders.golden("tiny-mistral-vocab32k-bf16.json"));
    assertThat(file.cases()).hasSize(5);
    assertThat(file.cases().get(4).logits()).hasSize(41 * 5 + 64);
    assertThat(file.contextTokens()).isEqualTo(41 + 32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[]",
        "{\"cases\": []}",
        "{\"cases\": [{\"prompt\": []}]}",
        "{\"cases\": [{\"prompt\": [-1]}]}",
        "{\"cases\": [{\"prompt\": [1], \"logits\": [[0], [1]]}]}",
        "{\"cases\": [{\"prompt\": [1], \"top5\": [[[1, 1]], [[1, 1]]]}]}",
        "{\"cases\": [{\"prompt\": [1], \"top5\": [[[1]]]}]}",
        "{\"cases\": [{\"prompt\": [1], \"logits\": [[\"x\"]]}]}"
      })
  void fileThatIsNoneIsNamedInOneLine(String content) {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(folder.resolve("golden.json") + ": expected ")
        .hasMessageNotContaining("\n");
  }

  private GoldenFile read(String content) throws IOException {
    return GoldenFile.read(Files.writeString(folder.resolve("golden.json"), content));
  }
}
