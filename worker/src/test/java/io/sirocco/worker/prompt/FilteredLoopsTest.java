package io.sirocco.worker.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilteredLoopsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for x in xs %}{% if x %}{{ x }}{% endif %}{% endfor %}",
        "{% for x in (a if b else c) %}{{ x if y }}{% endfor %}",
        "{% for x in f(' if ') %}{% endfor %}",
        "{% set for = 1 if in else 2 %}",
        "for x in xs if x"
      })
  void templateWithoutThemStays(String template) {
    assertThat(FilteredLoops.resolve(template)).isEqualTo(template);
  }

  @Test
  void whatPassesIsCollectedFirst() {
    assertThat(FilteredLoops.resolve("a{% for x in xs if x.y %}{{ loop.last }}{% endfor %}b"))
        .isEqualTo("a{% set sirocco_kept_1 = [] %}{% for x in xs %}{% if  x.y %}"
            + "{% do sirocco_kept_1.append(x) %}{% endif %}{% endfor %}"
            + "{% for x in sirocco_kept_1 %}{{ loop.last }}{% endfor %}b");
  }
}
