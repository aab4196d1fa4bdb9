package io.sirocco.worker.verify;

import io.sirocco.worker.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds a tokenizer against the texts of golden cases.
 *
 * <p>Confined to one thread.
 */
final class TextCheck {
  private final @Nullable Tokenizer tokenizer;
  private final List<String> faults = new ArrayList<>();
  private int compared;

  TextCheck(@Nullable Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  void check(GoldenCase golden) {
    if (tokenizer == null) {
      return;
    }
    if (golden.text() != null) {
      compared++;
      int[] found = tokenizer.encodeTrusted(golden.text());
      int difference = Arrays.mismatch(found, ids(golden.prompt()));
      if (difference >= 0) {
        faults.add("%s: expected %d prompt tokens, found %d, the first difference at %d"
            .formatted(golden.name(), golden.prompt().size(), found.length, difference));
      }
    }
    if (golden.answerText() != null) {
      compared++;
      if (!tokenizer.decode(ids(golden.greedy())).equals(golden.answerText())) {
        faults.add(golden.name() + ": the greedy tokens decode to another text");
      }
    }
  }

  int compared() {
    return compared;
  }

  List<String> faults() {
    return faults;
  }

  private static int[] ids(List<Integer> ids) {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
