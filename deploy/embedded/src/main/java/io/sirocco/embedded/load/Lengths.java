package io.sirocco.embedded.load;

import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long prompts or answers are: all alike, evenly spread, or a few long ones among many short ones.
 *
 * <p>Immutable.
 */
public sealed interface Lengths {
  /** Returns the next length, 1 or more. */
  int draw(RandomGenerator random);

  /**
   * Reads {@code 64}, {@code 16-256} (evenly spread) or {@code ~64} (exponentially, of that mean).
   *
   * @throws IllegalArgumentException when it is none of them, or a length is below 1
   */
  static Lengths parse(String text) {
    Matcher found =
        Pattern.compile("(~?)([1-9][0-9]{0,5})(?:-([1-9][0-9]{0,5}))?").matcher(text);
    if (found.matches()) {
      int first = Integer.parseInt(found.group(2));
      boolean spread = !found.group(1).isEmpty();
      if (found.group(3) == null) {
        return spread ? new Exponential(first) : new Fixed(first);
      }
      int last = Integer.parseInt(found.group(3));
      if (!spread && first <= last) {
        return new Uniform(first, last);
      }
    }
    throw new IllegalArgumentException(
        "expected lengths such as 64, 16-256 or ~64, found '" + text + "'");
  }

  /** All of one length. */
  record Fixed(int length) implements Lengths {
    @Override
    public int draw(RandomGenerator random) {
      return length;
    }
  }

  /** Each length from the least to the most as often as any other. */
  record Uniform(int least, int most) implements Lengths {
    @Override
    public int draw(RandomGenerator random) {
      return random.nextInt(least, most + 1);
    }
  }

  /** Exponentially distributed, cut off at ten times the mean. */
  record Exponential(int mean) implements Lengths {
    private static final int MOST_MEANS = 10;

    @Override
    public int draw(RandomGenerator random) {
      double length = Math.min(random.nextExponential(), MOST_MEANS) * mean;
      return (int) Math.max(1, Math.round(length));
    }
  }
}
