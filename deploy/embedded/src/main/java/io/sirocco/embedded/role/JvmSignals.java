package io.sirocco.embedded.role;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals of this JVM's process, through {@code sun.misc.Signal}.
 *
 * <p>A shutdown hook would do for the first signal, but the JVM does not tell it of a second one, nor
 * lets it choose the exit code. The class belongs to {@code jdk.unsupported}, of which the compiler
 * warns without a way to excuse it; so it is called by its name.
 *
 * <p>Thread-safe.
 */
public final class JvmSignals implements Signals {
  private static final Logger log = LoggerFactory.getLogger(JvmSignals.class);

  @Override
  public void onStop(Consumer<StopSignal> handler) {
    for (StopSignal signal : StopSignal.values()) {
      try {
        handle(signal, handler);
      } catch (ReflectiveOperationException e) {
        // With -Xrs the JVM leaves its signals alone; each ends the process at once then.
        log.warn("signal {} is not handled: {}", signal, String.valueOf(reason(e)));
      }
    }
  }

  private static void handle(StopSignal signal, Consumer<StopSignal> handler)
      throws ReflectiveOperationException {
    Class<?> signals = Class.forName("sun.misc.Signal");
    Class<?> handlers = Class.forName("sun.misc.SignalHandler");
    Object forwarding = Proxy.newProxyInstance(
        JvmSignals.class.getClassLoader(),
        new Class<?>[] {handlers},
        (proxy, method, arguments) -> {
          handler.accept(signal);
          return null;
        });
    signals
        .getMethod("handle", signals, handlers)
        .invoke(null, signals.getConstructor(String.class).newInstance(signal.name()), forwarding);
  }

  private static Throwable reason(ReflectiveOperationException fault) {
    return fault instanceof InvocationTargetException target && target.getCause() != null
        ? target.getCause()
        : fault;
  }
}
