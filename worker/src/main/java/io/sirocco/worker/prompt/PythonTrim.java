package io.sirocco.worker.prompt;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import org.jspecify.annotations.Nullable;

/**
 * The filter {@code trim} with Python's white space.
 *
 * <p>Stateless.
 */
final class PythonTrim implements Filter {
  @Override
  public String getName() {
    return "trim";
  }

  @Override
  public Object filter(@Nullable Object text, JinjavaInterpreter interpreter, String... args) {
    return text == null ? "" : PythonText.strip(text.toString());
  }
}
