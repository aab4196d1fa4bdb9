package io.sirocco.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopMatcherTest {
  @Test
  void withoutStopTextsEverythingComesOutAtOnce() {
    StopMatcher matcher = new StopMatcher(List.of(), false);

    assertThat(matcher.append("abc")).isEqualTo("abc");
    assertThat(matcher.flush()).isEmpty();
    assertThat(matcher.matched()).isFalse();
  }

  @Test
  void holdsBackOnlyWhatMayBecomeAStopText() {
    StopMatcher matcher = new StopMatcher(List.of("###"), false);

    assertThat(matcher.append("one #")).isEqualTo("one ");
    assertThat(matcher.append("#")).isEmpty();
    assertThat(matcher.append(" two")).isEqualTo("## two");
  }

  @Test
  void aStopTextAcrossPiecesEndsTheTextAndIsNoPartOfIt() {
    StopMatcher matcher = new StopMatcher(List.of("STOP"), false);

    assertThat(matcher.append("go S")).isEqualTo("go ");
    assertThat(matcher.append("TO")).isEmpty();
    assertThat(matcher.append("P and on")).isEmpty();
    assertThat(matcher.matched()).isTrue();
    assertThat(matcher.append("more")).isEmpty();
    assertThat(matcher.flush()).isEmpty();
  }

  @Test
  void theTextThatIsHeldBackComesOutAtTheEnd() {
    StopMatcher matcher = new StopMatcher(List.of("\n\n"), false);

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
  void aStopTextThatIsIncludedHoldsNothingBackAndEndsWhatIsShown() {
    StopMatcher matcher = new StopMatcher(List.of("STOP"), true);

    assertThat(matcher.append("go ST")).isEqualTo("go ST");
    assertThat(matcher.append("OP and on")).isEqualTo("OP");
    assertThat(matcher.matched()).isTrue();
    assertThat(matcher.flush()).isEmpty();
  }

  @Test
  void halfACharacterStopsNothing() {
    StopMatcher matcher = new StopMatcher(List.of("\uD83D", "\uDE00"), false);

    assertThat(matcher.append("x\uD83D\uDE00y")).isEqualTo("x\uD83D\uDE00y");
    assertThat(matcher.matched()).isFalse();
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
        assertThat(cut(text, stops, length, false))
            .as("%s %s %d", text, stops, length)
            .isEqualTo(expected);
        assertThat(cut(text, stops, length, true))
            .as("%s %s %d, included", text, stops, length)
            .isEqualTo(textToTheEndOfItsStop(text, stops));
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

  private static String textToTheEndOfItsStop(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String so = text.substring(0, end);
      if (stops.stream().anyMatch(so::endsWith)) {
        return so;
      }
    }
    return text;
  }

  private static String cut(String text, List<String> stops, int pieceLength) {
    return cut(text, stops, pieceLength, false);
  }

  private static String cut(String text, List<String> stops, int pieceLength, boolean included) {
    StopMatcher matcher = new StopMatcher(stops, included);
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
