package io.sirocco.worker.tokenizer;

import java.util.Random;
import java.util.stream.Stream;

/** Texts of characters that decoders get wrong: combining, wide, joined, of four bytes. */
public final class RandomText {
  private static final int[][] RANGES = {
    {0x20, 0x7E},
    {0x20, 0x20},
    {0x09, 0x0D},
    {0xA0, 0x17F},
    {0x300, 0x36F},
    {0x370, 0x5FF},
    {0x900, 0xDFF},
    {0x200B, 0x200D},
    {0x4E00, 0x9FFF},
    {0xAC00, 0xD7A3},
    {0xFE0E, 0xFE0F},
    {0x1F1E6, 0x1F1FF},
    {0x1F300, 0x1F9FF},
    {0x20000, 0x2A6DF}
  };

  private RandomText() {}

  /** Draws a text of 1 to {@code most} characters. */
  public static String draw(Random random, int most) {
    StringBuilder text = new StringBuilder();
    int length = 1 + random.nextInt(most);
    Stream.generate(() -> RANGES[random.nextInt(RANGES.length)])
        .limit(length)
        .forEach(range -> text.appendCodePoint(range[0] + random.nextInt(range[1] - range[0] + 1)));
    return text.toString();
  }
}
