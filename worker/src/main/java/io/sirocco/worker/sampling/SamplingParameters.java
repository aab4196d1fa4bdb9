package io.sirocco.worker.sampling;

/**
 * How the tokens of one answer are chosen.
 *
 * <p>Immutable.
 *
 * @param temperature 0 to 2; below {@value #GREEDY_BELOW} is greedy, and then nothing else matters
 * @param topK this many of the likeliest tokens are kept; 0: all
 * @param topP the smallest set of the likeliest tokens with this probability is kept, above 0 and at
 *     most 1; 1: all
 * @param minP tokens below this share of the likeliest one's probability are dropped, 0 to 1; 0: none
 * @param seed makes the draw repeatable
 */
public record SamplingParameters(
    double temperature, int topK, double topP, double minP, long seed) {

  /** Logits divided by less than this leave no float32 room for anything but the likeliest token. */
  static final double GREEDY_BELOW = 1e-5;

  /** Always the likeliest token. */
  public static final SamplingParameters GREEDY = new SamplingParameters(0, 0, 1, 0, 0);

  public SamplingParameters {
    require(temperature >= 0 && temperature <= 2, "temperature", "0 to 2", temperature);
    require(topK >= 0, "topK", "0 or more", topK);
    require(topP > 0 && topP <= 1, "topP", "above 0 and at most 1", topP);
    require(minP >= 0 && minP <= 1, "minP", "0 to 1", minP);
  }

  /** Whether the likeliest token is always taken. */
  public boolean isGreedy() {
    return temperature < GREEDY_BELOW;
  }

  private static void require(boolean holds, String name, String expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "expected %s of %s, found %s".formatted(name, expected, found));
    }
  }
}
