package io.sirocco.worker.prompt;

import java.beans.FeatureDescriptor;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import jinjava.javax.el.MethodNotFoundException;
import jinjava.javax.el.PropertyNotWritableException;
import org.jspecify.annotations.Nullable;

/**
 * What templates see of a text: Python's methods, in place of Java's, and its characters by number. A
 * member that it has not is undefined, so that a template may ask whether it is there.
 *
 * <p>Source: the Python documentation, "String Methods".
 *
 * <p>Stateless.
 */
final class PythonStrings extends ELResolver {
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}");

  private PythonStrings() {}

  /** Returns a resolver for texts and, by {@code others}, for all other values. */
  static ELResolver before(ELResolver others) {
    CompositeELResolver resolver = new CompositeELResolver();
    resolver.add(new PythonStrings());
    resolver.add(others);
    return resolver;
  }

  @Override
  public @Nullable Object getValue(ELContext context, Object base, Object property) {
    if (!(base instanceof String text)) {
      return null;
    }
    context.setPropertyResolved(true);
    if (!NUMBER.matcher(String.valueOf(property)).matches()) {
      return null;
    }
    int number = Integer.parseInt(String.valueOf(property));
    int index = number < 0 ? text.length() + number : number;
    return index >= 0 && index < text.length() ? text.substring(index, index + 1) : null;
  }

  @Override
  public @Nullable Object invoke(
      ELContext context, Object base, Object method, Class<?>[] types, Object[] arguments) {
    if (!(base instanceof String text)) {
      return null;
    }
    context.setPropertyResolved(true);
    List<String> texts = Arrays.stream(arguments).map(String::valueOf).toList();
    return switch (method + "/" + texts.size()) {
      case "strip/0" -> PythonText.strip(text);
      case "lstrip/0" -> PythonText.stripLeading(text);
      case "rstrip/0" -> PythonText.stripTrailing(text);
      case "upper/0" -> text.toUpperCase(Locale.ROOT);
      case "lower/0" -> text.toLowerCase(Locale.ROOT);
      case "startswith/1" -> text.startsWith(texts.get(0));
      case "endswith/1" -> text.endsWith(texts.get(0));
      case "split/1" -> List.of(text.split(Pattern.quote(texts.get(0)), -1));
      case "replace/2" -> text.replace(texts.get(0), texts.get(1));
      default -> throw new MethodNotFoundException("expected a method of texts, found " + method);
    };
  }

  @Override
  public @Nullable Class<?> getType(ELContext context, Object base, Object property) {
    return null;
  }

  @Override
  public void setValue(ELContext context, Object base, Object property, Object value) {
    if (base instanceof String) {
      throw new PropertyNotWritableException("expected no change of a text");
    }
  }

  @Override
  public boolean isReadOnly(ELContext context, Object base, Object property) {
    return true;
  }

  @Override
  public @Nullable Iterator<FeatureDescriptor> getFeatureDescriptors(
      ELContext context, Object base) {
    return null;
  }

  @Override
  public Class<?> getCommonPropertyType(ELContext context, Object base) {
    return Object.class;
  }
}
