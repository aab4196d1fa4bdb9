package io.sirocco.worker.simulation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** Makes an implementation of a wide interface out of an object with those of its methods in use. */
final class PartialProxy {
  private PartialProxy() {}

  /** An implementation of {@code type}; methods that {@code target} lacks throw. */
  static <T> T of(Class<T> type, Object target) {
    Map<Method, Method> own = new HashMap<>();
    InvocationHandler handler = (proxy, method, arguments) -> {
      try {
        return own.computeIfAbsent(method, wanted -> find(target, wanted))
            .invoke(target, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause() == null ? e : e.getCause();
      }
    };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Method find(Object target, Method wanted) {
    try {
      return target.getClass().getDeclaredMethod(wanted.getName(), wanted.getParameterTypes());
    } catch (NoSuchMethodException e) {
      throw new UnsupportedOperationException("not played: " + wanted, e);
    }
  }
}
