package io.sirocco.worker.tokenizer.huggingface;

import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * How much text one token of a {@code tokenizer.json} can stand for, where its parts show it.
 *
 * <p>The longest text of the vocabulary is a bound if every character reaches the vocabulary: none is
 * composed with others or left out on the way, and none that is unknown falls under one token with its
 * neighbours. Only parts known to be so count; of any other, nothing is said.
 *
 * <p>Stateless.
 */
final class LongestToken {
  private static final Set<String> LOSSLESS_PARTS = Set.of("Prepend", "Metaspace", "ByteLevel");

  private LongestToken() {}

  static OptionalInt chars(JsonNode json) {
    JsonNode model = json.path("model");
    boolean everyByteIsKnown = model.path("byte_fallback").asBoolean(false)
        || parts(json.path("pre_tokenizer")).anyMatch(part -> isOfType(part, "ByteLevel"));
    boolean lossless = Stream.of("normalizer", "pre_tokenizer")
        .flatMap(stage -> parts(json.path(stage)))
        .allMatch(LongestToken::isLossless);
    return everyByteIsKnown && lossless
        ? model.path("vocab").propertyNames().stream().mapToInt(String::length).max()
        : OptionalInt.empty();
  }

  private static Stream<JsonNode> parts(JsonNode stage) {
    if (stage.isNull() || stage.isMissingNode()) {
      return Stream.empty();
    }
    JsonNode members = stage.path("normalizers").isArray()
        ? stage.path("normalizers")
        : stage.path("pretokenizers");
    return isOfType(stage, "Sequence")
        ? members.valueStream().flatMap(LongestToken::parts)
        : Stream.of(stage);
  }

  private static boolean isLossless(JsonNode part) {
    if (isOfType(part, "Split")) {
      return !part.path("behavior").asString("Removed").equals("Removed");
    }
    if (isOfType(part, "Replace")) {
      String replaced = part.path("pattern").path("String").asString("");
      return !replaced.isEmpty()
          && replaced.length() <= part.path("content").asString("").length();
    }
    return LOSSLESS_PARTS.contains(part.path("type").asString(""));
  }

  private static boolean isOfType(JsonNode part, String type) {
    return part.path("type").asString("").equals(type);
  }
}
