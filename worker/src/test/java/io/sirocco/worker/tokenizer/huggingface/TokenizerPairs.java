package io.sirocco.worker.tokenizer.huggingface;

import io.sirocco.worker.model.folder.CheckpointFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Texts with the ids that HuggingFace's tokenizers give for them; all begin with {@code <s>}. */
final class TokenizerPairs {
  @SuppressWarnings("ArrayRecordComponent") // Test data; never compared.
  record Pair(String text, int[] trustedIds, int[] textIds, String decoded) {}

  private TokenizerPairs() {}

  static List<Pair> read() throws IOException {
    byte[] json = Files.readAllBytes(CheckpointFolders.golden("tokenizer_pairs.json"));
    List<Pair> pairs = new ArrayList<>();
    for (JsonNode pair : JsonMapper.shared().readTree(json).get("pairs")) {
      pairs.add(new Pair(
          pair.get("text").stringValue(),
          ids(pair.get("ids")),
          ids(pair.get("ids_no_special_parsing")),
          pair.get("decoded_skip_special").stringValue()));
    }
    return pairs;
  }

  private static int[] ids(JsonNode array) {
    int[] ids = new int[array.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = array.get(i).intValue();
    }
    return ids;
  }
}
