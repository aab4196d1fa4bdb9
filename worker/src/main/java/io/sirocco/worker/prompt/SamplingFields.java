package io.sirocco.worker.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.worker.sampling.SamplingParameters;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields that say how tokens are chosen.
 *
 * <p>Source: OpenAI's API reference, "Create chat completion"; beyond it the names and meanings of
 * HuggingFace's generation configuration.
 *
 * <p>Stateless.
 */
final class SamplingFields {
  private static final RequestField<Double> TEMPERATURE = FieldReaders.number(
      "temperature", 0, 2, 1, "Logits are divided by it; 0 always takes the likeliest token.");
  private static final RequestField<Boolean> DO_SAMPLE = new RequestField<>(
      "do_sample",
      "true or false; not true with `temperature` 0",
      "as `temperature` says",
      "False always takes the likeliest token, whatever the temperature.",
      true,
      FieldReaders::flag);
  private static final RequestField<Double> TOP_P = new RequestField<>(
      "top_p",
      "a number above 0 and at most 1",
      "1",
      "The smallest set of the likeliest tokens with this probability is kept; 1 keeps all.",
      1.0,
      SamplingFields::topP);
  private static final RequestField<Integer> TOP_K = FieldReaders.whole(
      "top_k", -1, 999, 0, "This many of the likeliest tokens are kept; 0 and -1 keep all.");
  private static final RequestField<Double> MIN_P = FieldReaders.number(
      "min_p", 0, 1, 0, "Tokens below this share of the likeliest one's probability are dropped.");
  private static final RequestField<Double> PRESENCE = FieldReaders.number(
      "presence_penalty", -2, 2, 0, "Taken off the logits of tokens that the answer holds.");
  private static final RequestField<Double> FREQUENCY = FieldReaders.number(
      "frequency_penalty",
      -2,
      2,
      0,
      "Taken off the logits of tokens for each time that the answer holds them.");
  private static final RequestField<Double> REPETITION = FieldReaders.number(
      "repetition_penalty",
      0.01,
      5,
      1,
      "Above 1, tokens that prompt or answer hold become less likely; below 1, more.");
  private static final RequestField<Integer> NO_REPEAT_NGRAM = FieldReaders.whole(
      "no_repeat_ngram_size",
      0,
      1000,
      0,
      "No sequence of this many tokens appears twice in prompt and answer; 0 forbids none.");
  private static final RequestField<Map<?, ?>> LOGIT_BIAS = new RequestField<>(
      "logit_bias",
      "an object from token ids, as strings, to numbers from -100 to 100",
      "none",
      "Added to the logits of single tokens.",
      Map.of(),
      FieldReaders::object);
  private static final RequestField<Long> SEED = new RequestField<>(
      "seed",
      "a whole number from 0 to " + Long.MAX_VALUE,
      "one made of the request's id",
      "With the same seed, the same request draws the same tokens.",
      -1L,
      (field, value) -> FieldReaders.whole(field, value, 0, Long.MAX_VALUE));
  private static final RequestField<Boolean> LOGPROBS = FieldReaders.flag(
      "logprobs", false, "Each token comes with the logarithm of its probability.");
  private static final RequestField<Integer> TOP_LOGPROBS = FieldReaders.whole(
      "top_logprobs",
      0,
      20,
      0,
      "Each token comes with those of this many of the likeliest as well; needs `logprobs`.");

  /** In the order of the reference. */
  static final List<RequestField<?>> ALL = List.of(
      TEMPERATURE,
      TOP_P,
      TOP_K,
      MIN_P,
      DO_SAMPLE,
      PRESENCE,
      FREQUENCY,
      REPETITION,
      NO_REPEAT_NGRAM,
      LOGIT_BIAS,
      SEED,
      LOGPROBS,
      TOP_LOGPROBS);

  private static final Pattern TOKEN_ID = Pattern.compile("0|[1-9][0-9]{0,8}");
  private static final int LONGEST_ECHO = 20;

  private SamplingFields() {}

  /**
   * Reads the fields.
   *
   * @param requestId the seed is derived from it when there is none
   * @param minTokens the answer has at least this many
   * @param vocabularySize how many token ids there are
   */
  static SamplingParameters read(
      RequestFields fields, String requestId, int minTokens, int vocabularySize)
      throws InvalidRequestException {
    long seed = SEED.in(fields);
    SamplingParameters sampling = SamplingParameters.builder()
        .temperature(temperature(fields))
        .topK(Math.max(0, TOP_K.in(fields)))
        .topP(TOP_P.in(fields))
        .minP(MIN_P.in(fields))
        .presencePenalty(PRESENCE.in(fields))
        .frequencyPenalty(FREQUENCY.in(fields))
        .repetitionPenalty(REPETITION.in(fields))
        .noRepeatNgramSize(NO_REPEAT_NGRAM.in(fields))
        .logitBias(logitBias(LOGIT_BIAS.in(fields), vocabularySize))
        .minTokens(minTokens)
        .seed(seed < 0 ? seedOf(requestId) : seed)
        .logProbabilities(LOGPROBS.in(fields))
        .topLogProbabilities(topLogprobs(fields))
        .build();
    if (sampling.isGreedy() && Boolean.TRUE.equals(fields.value(DO_SAMPLE.name()))) {
      throw FieldReaders.outside(
          DO_SAMPLE.name(), "false, or a temperature above 0", "true and a temperature of 0");
    }
    return sampling;
  }

  private static double temperature(RequestFields fields) throws InvalidRequestException {
    double temperature = TEMPERATURE.in(fields);
    return DO_SAMPLE.in(fields) ? temperature : 0;
  }

  private static double topP(String field, Object value) throws InvalidRequestException {
    double topP = FieldReaders.number(field, value);
    if (!(topP > 0 && topP <= 1)) {
      throw FieldReaders.outside(field, "a number above 0 and at most 1", FieldReaders.text(topP));
    }
    return topP;
  }

  private static int topLogprobs(RequestFields fields) throws InvalidRequestException {
    int top = TOP_LOGPROBS.in(fields);
    if (top > 0 && !LOGPROBS.in(fields)) {
      throw FieldReaders.outside(TOP_LOGPROBS.name(), "0, or logprobs to be true", top);
    }
    return top;
  }

  private static Map<Integer, Float> logitBias(Map<?, ?> members, int vocabularySize)
      throws InvalidRequestException {
    Map<Integer, Float> biases = new HashMap<>();
    for (Map.Entry<?, ?> member : members.entrySet()) {
      String key = String.valueOf(member.getKey());
      int id = TOKEN_ID.matcher(key).matches() ? Integer.parseInt(key) : -1;
      if (id < 0 || id >= vocabularySize) {
        throw FieldReaders.outside(
            LOGIT_BIAS.name(),
            "token ids from 0 to %d as names".formatted(vocabularySize - 1),
            "'" + key.substring(0, Math.min(LONGEST_ECHO, key.length())) + "'");
      }
      biases.put(id, bias(LOGIT_BIAS.name() + "." + key, member.getValue()));
    }
    return biases;
  }

  private static float bias(String field, @Nullable Object value) throws InvalidRequestException {
    if (value == null) {
      throw FieldReaders.outside(field, "a number from -100 to 100", "null");
    }
    double bias = FieldReaders.number(field, value);
    if (!(bias >= -100 && bias <= 100)) {
      throw FieldReaders.outside(field, "a number from -100 to 100", FieldReaders.text(bias));
    }
    return (float) bias;
  }

  /** The same whoever answers the request. */
  private static long seedOf(String requestId) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(requestId.getBytes(UTF_8));
      return ByteBuffer.wrap(digest).getLong() & Long.MAX_VALUE;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("expected SHA-256 in every Java runtime", e);
    }
  }
}
