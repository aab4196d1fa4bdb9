package io.sirocco.worker.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.worker.sampling.SamplingParameters;
import io.sirocco.worker.sampling.SamplingParametersBuilder;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Stream;

/**
 * All fields that say how tokens are chosen.
 *
 * <p>Stateless.
 */
final class SamplingFields {
  private static final RequestField<Long> SEED = new RequestField<>(
      "seed",
      FieldReaders.range(0, Long.MAX_VALUE),
      "one made of the request's id",
      "With the same seed, the same request draws the same tokens.",
      -1L,
      (field, value) -> FieldReaders.whole(field, value, 0, Long.MAX_VALUE));

  /** In the order of the reference. */
  static final List<RequestField<?>> ALL = Stream.of(
          TruncationFields.ALL,
          PenaltyFields.ALL,
          LogitBiasField.ALL,
          List.<RequestField<?>>of(SEED),
          ProbabilityFields.ALL)
      .<RequestField<?>>flatMap(List::stream)
      .toList();

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
    SamplingParametersBuilder sampling = SamplingParameters.builder().minTokens(minTokens);
    TruncationFields.read(fields, sampling);
    PenaltyFields.read(fields, sampling);
    sampling.logitBias(LogitBiasField.read(fields, vocabularySize));
    long seed = SEED.in(fields);
    sampling.seed(seed < 0 ? seedOf(requestId) : seed);
    ProbabilityFields.read(fields, sampling);
    return sampling.build();
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
