package io.sirocco.worker.verify;

import io.sirocco.worker.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A text whose perplexity is asked for. Paragraphs, with an empty line between them, are computed one
 * by one; of an exchange only the answer counts, which is what follows the last {@code [/INST]}.
 *
 * <p>Immutable.
 *
 * @param tokens of the paragraph, control tokens included
 * @param scoredFrom the first token that counts
 */
@SuppressWarnings("ArrayRecordComponent") // Read once; never compared.
public record ScoredText(int[] tokens, int scoredFrom) {
  private static final String ANSWER = "[/INST]";
  private static final Pattern EMPTY_LINE = Pattern.compile("\\n\\s*\\n");

  /** Splits a text into its paragraphs; those of less than two tokens are left out. */
  public static List<ScoredText> of(String text, Tokenizer tokenizer) {
    List<ScoredText> paragraphs = new ArrayList<>();
    for (String paragraph : EMPTY_LINE.split(text.strip(), -1)) {
      int answer = paragraph.lastIndexOf(ANSWER);
      int[] tokens = tokenizer.encodeTrusted(paragraph);
      int from = answer < 0
          ? 1
          : tokenizer.encodeTrusted(paragraph.substring(0, answer + ANSWER.length())).length;
      if (from < tokens.length) {
        paragraphs.add(new ScoredText(tokens, from));
      }
    }
    return paragraphs;
  }
}
