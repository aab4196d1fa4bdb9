package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.InvalidRequestException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The field that makes single tokens more or less likely.
 *
 * <p>Source: OpenAI's API reference, "Create chat completion".
 *
 * <p>Stateless.
 */
final class LogitBiasField {
  private static final int MOST = 100;
  private static final String BIAS = "a number from -%d to %d".formatted(MOST, MOST);

  private static final RequestField<Map<?, ?>> LOGIT_BIAS = new RequestField<>(
      "logit_bias",
      "an object: the names are token ids below the size of the vocabulary, the values numbers from"
          + " -%d to %d".formatted(MOST, MOST),
      "none",
      "Added to the logits of single tokens.",
      Map.of(),
      FieldReaders::object);

  /** The one field. */
  static final List<RequestField<?>> ALL = List.of(LOGIT_BIAS);

  private static final Pattern TOKEN_ID = Pattern.compile("0|[1-9][0-9]{0,8}");

  private LogitBiasField() {}

  /**
   * Reads the field.
   *
   * @param vocabularySize how many token ids there are
   */
  static Map<Integer, Float> read(RequestFields fields, int vocabularySize)
      throws InvalidRequestException {
    Map<Integer, Float> biases = new HashMap<>();
    for (Map.Entry<?, ?> member : LOGIT_BIAS.in(fields).entrySet()) {
      String key = String.valueOf(member.getKey());
      int id = TOKEN_ID.matcher(key).matches() ? Integer.parseInt(key) : -1;
      if (id < 0 || id >= vocabularySize) {
        throw FieldFaults.outside(
            LOGIT_BIAS.name(),
            "token ids from 0 to %d as names".formatted(vocabularySize - 1),
            FieldFaults.quoted(key));
      }
      biases.put(id, bias(LOGIT_BIAS.name() + "." + key, member.getValue()));
    }
    return biases;
  }

  private static float bias(String field, @Nullable Object value) throws InvalidRequestException {
    if (value == null) {
      throw FieldFaults.outside(field, BIAS, "null");
    }
    double bias = FieldReaders.number(field, value);
    if (!(bias >= -MOST && bias <= MOST)) {
      throw FieldFaults.outside(field, BIAS, FieldFaults.text(bias));
    }
    return (float) bias;
  }
}
