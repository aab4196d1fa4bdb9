package io.sirocco.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopMatcherTest {
  @Test
  void withoutStopTextsEverythingComesOutAtOnce() {
    StopMatcher matcher = new StopMatcher(List.of());

    assertThat(matcher.append("abc")).isEqualTo("abc");
    assertThat(matcher.flush()).isEmpty();
    assertThat(matcher.matched()).isFalse();
  }

  @Test
  void holdsBackOnlyWhatMayBecomeAStopText() {
    StopMatcher matcher = new StopMatcher(List.of("###"));

    assertThat(matcher.append("one #")).isEqualTo("one ");
    assertThat(matcher.append("#")).isEmpty();
    assertThat(matcher.append(" two")).isEqualTo("## two");
  }

  @Test
  void aStopTextAcrossPiecesEndsTheTextAndIsNoPartOfIt() {
    StopMatcher matcher = new StopMatcher(List.of("STOP"));

    assertThat(matcher.append("go S")).isEqualTo("go ");
    assertThat(matcher.append("TO")).isEmpty();
    assertThat(matcher.append("P and on")).isEmpty();
    assertThat(matcher.matched()).isTrue();
    assertThat(matcher.append("more")).isEmpty();
    assertThat(matcher.flush()).isEmpty();
  }

  @Test
  void theTextThatIsHeldBackComesOutAtTheEnd() {
    StopMatcher matcher = new StopMatcher(List.of("\n\n"));

    assertThat(matcher.append("end\n")).isEqualTo("end");
    assertThat(matcher.flush()).isEqualTo("\n");
  }

  @Test
  void theStopTextThatIsCompleteFirstWins() {
    assertThat(cut("xabcd", List.of("bcd", "ab"), 1)).isEqualTo("x");
    assertThat(cut("xabc", List.of("bc", "abc"), 1)).isEqualTo("x");
    assertThat(cut("xaab", List.of("aab", "ab"), 1)).isEqualTo("x");
  }

  @Test
  void howTheTextIsCutIntoPiecesMakesNoDifference() {
    Random random = new Random(11);
    for (int round = 0; round < 3000; round++) {
      String text = letters(random, 30);
      List<String> stops =
          List.of(letters(random, 4) + "a", letters(random, 3) + "b", letters(random, 6) + "c");
      String expected = cutByDefinition(text, stops);

      for (int length = 1; length <= 7; length++) {
        assertThat(cut(text, stops, length))
            .as("%s %s %d", text, stops, length)
            .isEqualTo(expected);
      }
    }
  }

  /** The definition, letter by letter: the first place where a stop text is complete ends the text. */
  private static String cutByDefinition(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String so = text.substring(0, end);
      int longest =
          stops.stream().filter(so::endsWith).mapToInt(String::length).max().orElse(0);
      if (longest > 0) {
        return so.substring(0, end - longest);
      }
    }
    return text;
  }

  private static String cut(String text, List<String> stops, int pieceLength) {
    StopMatcher matcher = new StopMatcher(stops);
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); i += pieceLength) {
      shown.append(matcher.append(text.substring(i, Math.min(text.length(), i + pieceLength))));
    }
    return shown.append(matcher.flush()).toString();
  }

  private static String letters(Random random, int most) {
    StringBuilder letters = new StringBuilder();
    int length = random.nextInt(most);
    for (int i = 0; i < length; i++) {
      letters.append((char) ('a' + random.nextInt(3)));
    }
    return letters.toString();
  }
}
