package io.sirocco.worker.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads one case of a golden file, in any of its forms.
 *
 * <p>Throws {@link IllegalArgumentException} for what it does not understand. Stateless.
 */
final class GoldenCaseReader {
  private static final Pattern GREEDY = Pattern.compile("greedy\\d+_ignore_eos");

  private GoldenCaseReader() {}

  static GoldenCase read(JsonNode json, int index) {
    List<Integer> prompt = ids(json.path("prompt"), "prompt");
    if (prompt.isEmpty()) {
      throw new IllegalArgumentException("expected token ids in \"prompt\", found none");
    }
    return new GoldenCase(
        json.path("name").asString("case " + index),
        prompt,
        logits(json, prompt.size()),
        json.path("logits_last_l2").isNumber() ? json.path("logits_last_l2").doubleValue() : null,
        greedy(json),
        text(json, "text"),
        text(json, "answer_text"));
  }

  /** The forms: whole rows, the greatest of each row, the greatest or the first of the last row. */
  private static List<TokenLogit> logits(JsonNode json, int positions) {
    List<TokenLogit> logits = new ArrayList<>();
    addRows(logits, json.path("logits"), positions);
    JsonNode top = json.path("top5");
    for (int position = 0; position < top.size(); position++) {
      addPairs(logits, top.get(position), position);
    }
    addPairs(logits, json.path("last_logits_top10"), positions - 1);
    addRow(logits, json.path("logits_last_first64"), positions - 1);
    if (logits.stream().anyMatch(logit -> logit.position() >= positions)) {
      throw new IllegalArgumentException(
          "expected logits of " + positions + " positions, found more");
    }
    return logits;
  }

  private static void addRows(List<TokenLogit> logits, JsonNode rows, int positions) {
    if (rows.isArray() && rows.size() != positions) {
      throw new IllegalArgumentException(
          "expected %d rows in \"logits\", found %d".formatted(positions, rows.size()));
    }
    for (int position = 0; position < rows.size(); position++) {
      addRow(logits, rows.get(position), position);
    }
  }

  private static void addRow(List<TokenLogit> logits, JsonNode row, int position) {
    for (int token = 0; token < row.size(); token++) {
      logits.add(new TokenLogit(position, token, number(row.get(token))));
    }
  }

  private static void addPairs(List<TokenLogit> logits, JsonNode pairs, int position) {
    for (JsonNode pair : pairs) {
      if (pair.size() != 2) {
        throw new IllegalArgumentException("expected pairs of token id and logit, found " + pair);
      }
      logits.add(new TokenLogit(position, id(pair.get(0)), number(pair.get(1))));
    }
  }

  private static List<Integer> greedy(JsonNode json) {
    for (String field : json.propertyNames()) {
      if (GREEDY.matcher(field).matches()) {
        List<Integer> ids = ids(json.path(field), field);
        JsonNode end = json.path("tokens_until_eos");
        return end.isIntegralNumber() ? ids.subList(0, Math.min(ids.size(), end.intValue())) : ids;
      }
    }
    return List.of();
  }

  private static List<Integer> ids(JsonNode array, String field) {
    if (!array.isArray()) {
      throw new IllegalArgumentException("expected token ids in \"" + field + "\"");
    }
    List<Integer> ids = new ArrayList<>();
    array.forEach(node -> ids.add(id(node)));
    return ids;
  }

  private static int id(JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
      throw new IllegalArgumentException("expected a token id, found " + node);
    }
    return node.intValue();
  }

  private static double number(JsonNode node) {
    if (!node.isNumber()) {
      throw new IllegalArgumentException("expected a logit, found " + node);
    }
    return node.doubleValue();
  }

  private static @Nullable String text(JsonNode json, String field) {
    return json.path(field).isString() ? json.path(field).stringValue() : null;
  }
}
