package io.sirocco.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ControlTokenTextTest {
  private static final String MARK = "\uE000";

  @Test
  void longestOfSeveralAtOnePlaceIsFound() {
    ControlTokenText tokens = new ControlTokenText(List.of("<s>", "<s>>", "<", "", "ab", "bcd"));

    assertThat(found(tokens, "a<s>>b<s>c<sabcd<"))
        .containsExactly("1:<s>>", "6:<s>", "10:<", "12:ab", "16:<");
    assertThat(found(tokens, "")).isEmpty();
    assertThat(found(tokens, "abc")).containsExactly("0:ab");
    assertThat(found(new ControlTokenText(List.of()), "<s>")).isEmpty();
  }

  @Test
  void whatIsHiddenComesBack() {
    ControlTokenText tokens = new ControlTokenText(List.of("<s>", "</s>", "<unk>"));
    String text = "<s>1<s></s>2 < s><unk></unk>";

    String hidden = tokens.hide(text, MARK);

    assertThat(found(tokens, hidden)).isEmpty();
    assertThat(tokens.reveal(hidden, MARK)).isEqualTo(text);
  }

  /** One token tried after the other at every place would be 18,000 million comparisons. */
  @Test
  @Timeout(10)
  void manyTokensThatBeginAlikeDoNotMakeTheSearchSlow() {
    ControlTokenText tokens = new ControlTokenText(
        IntStream.range(0, 20_000).mapToObj("[control_%d]"::formatted).toList());
    String text = "[control_".repeat(100_000);

    assertThat(tokens.hide(text, MARK)).isEqualTo(text);
  }

  private static List<String> found(ControlTokenText tokens, String text) {
    List<String> all = new ArrayList<>();
    for (ControlTokenText.Found found = tokens.find(text, 0);
        found != null;
        found = tokens.find(text, found.end())) {
      all.add(found.begin() + ":" + found.token());
    }
    return all;
  }
}
