package io.sirocco.worker.tokenizer.huggingface;

import io.sirocco.worker.model.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@code tokenizer.json}, and what has to be known of it before the library reads it.
 *
 * <p>Immutable.
 *
 * @param trusted the definition, without truncation and padding
 * @param textOnly the same without the added tokens: nothing in a text can become one
 * @param addedTokens the added tokens by their text
 * @param vocabularySize one more than the greatest token id
 * @param longestTokenChars the most characters of a text that one token stands for, if that is known
 * @param tokenBytes the bytes of each token
 */
@SuppressWarnings("ArrayRecordComponent") // Handed to the library once; never compared.
record TokenizerDefinition(
    byte[] trusted,
    byte[] textOnly,
    Map<String, Integer> addedTokens,
    int vocabularySize,
    OptionalInt longestTokenChars,
    TokenBytes tokenBytes) {

  static TokenizerDefinition read(Path file) throws ModelLoadException {
    try {
      if (JsonMapper.shared().readTree(Files.readAllBytes(file)) instanceof ObjectNode json
          && json.path("model").path("vocab").isObject()) {
        return of(json);
      }
      throw new ModelLoadException(file + ": expected a tokenizer with a vocabulary by token");
    } catch (IOException e) {
      throw new ModelLoadException(file + ": cannot be read: " + e.getMessage(), e);
    } catch (JacksonException e) {
      throw new ModelLoadException(file + ": expected JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static TokenizerDefinition of(ObjectNode json) {
    json.putNull("truncation").putNull("padding");
    Map<String, Integer> added = new LinkedHashMap<>();
    for (JsonNode token : json.path("added_tokens")) {
      added.put(token.path("content").asString(""), token.path("id").asInt(-1));
    }
    int greatest = added.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    for (JsonNode id : json.path("model").path("vocab")) {
      greatest = Math.max(greatest, id.asInt(-1));
    }
    OptionalInt longestTokenChars = LongestToken.chars(json);
    TokenBytes tokenBytes = TokenBytes.read(json, greatest + 1, added);
    byte[] trusted = JsonMapper.shared().writeValueAsBytes(json);
    json.putArray("added_tokens");
    byte[] textOnly = JsonMapper.shared().writeValueAsBytes(json);
    return new TokenizerDefinition(
        trusted, textOnly, Map.copyOf(added), greatest + 1, longestTokenChars, tokenBytes);
  }
}
