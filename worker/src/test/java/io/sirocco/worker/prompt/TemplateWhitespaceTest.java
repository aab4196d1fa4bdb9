package io.sirocco.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Source and what is left of it; {@code ~} stands for a line break, {@code _} for a blank. */
class TemplateWhitespaceTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a_{{_x_}}_b | a_{{__x__}}_b",
        "a_~_{{-_x_-}}_~_b | a{{__x__}}b",
        "a_~_{%-_if_x_-%}_~_b | a{%__if_x__%}b",
        "a_{#-_note_-#}_b | ab",
        "a_{#_note_#}_b | a__b",
        "a~{#_note_#}~b | a~b",
        "__{%_if_x_%}~__b | {%__if_x__%}__b",
        "a_{%_if_x_%}~b | a_{%__if_x__%}b",
        "a~__{%_if_x_%}~__{%_endif_%}~c | a~{%__if_x__%}{%__endif__%}c",
        "a~__{%+_if_x_+%}~b | a~__{%__if_x__%}~b",
        "{{_x_}}__{%_if_x_%}b | {{__x__}}__{%__if_x__%}b",
        "{{_x_}}~~b~ | {{__x__}}~~b",
        "{{_'}}~-%}'_}}~b | {{__'}}~-%}'__}}~b",
        "{{_'it\\'s_}}'_-}}_b | {{__'it\\'s_}}'__}}b",
        "{%_if_x_%}~~b | {%__if_x__%}~b",
        "a_{{_open | a_{{_open",
        "a_{_b_} | a_{_b_}"
      })
  void whiteSpaceIsThatOfJinja(String source, String resolved) {
    assertThat(TemplateWhitespace.resolve(spaced(source))).isEqualTo(spaced(resolved));
  }

  private static String spaced(String text) {
    return text.replace('~', '\n').replace('_', ' ');
  }
}
