package io.sirocco.contracts.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadersTest {
  @Test
  void noTwoConstantsNameTheSameHeader() throws Exception {
    assertThat(names()).hasSizeGreaterThan(20).doesNotHaveDuplicates();
  }

  @Test
  void namesArePrintableAsciiWithoutSpaces() throws Exception {
    assertThat(names()).allMatch(name -> name.matches("[!-~]+"));
  }

  private static List<String> names() throws IllegalAccessException {
    List<String> names = new ArrayList<>();
    for (Field field : Headers.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers())) {
        names.add((String) field.get(null));
      }
    }
    return names;
  }
}
