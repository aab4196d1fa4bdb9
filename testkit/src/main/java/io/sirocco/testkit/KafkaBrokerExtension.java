package io.sirocco.testkit;

import java.util.Objects;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts a broker before the first test of a class and hands it to every parameter that asks for
 * one.
 *
 * <p>JUnit closes the broker after the class, as it does with all that is in its store.
 *
 * <p>Immutable.
 */
abstract class KafkaBrokerExtension implements BeforeAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(KafkaBrokerExtension.class);

  /** Starts the broker that the extension stands for. */
  abstract KafkaBroker start();

  @Override
  public final void beforeAll(ExtensionContext context) {
    ExtensionContext.Store store = context.getStore(NAMESPACE);
    // A nested class finds the broker of the class around it.
    if (store.get(KafkaBroker.class) == null) {
      store.put(KafkaBroker.class, start());
    }
  }

  @Override
  public final boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == KafkaBroker.class;
  }

  @Override
  public final Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Objects.requireNonNull(
        context.getStore(NAMESPACE).get(KafkaBroker.class), "no broker was started");
  }
}
