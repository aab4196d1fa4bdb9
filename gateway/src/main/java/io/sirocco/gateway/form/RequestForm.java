package io.sirocco.gateway.form;

import io.sirocco.contracts.error.InvalidRequestException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How one provider's clients ask.
 *
 * <p>Implementations are thread-safe.
 */
public interface RequestForm {
  /**
   * Reads a request; what it asks of the model, the worker checks.
   *
   * @param headers the value of a header by its name, or null
   * @throws InvalidRequestException when it is at fault
   */
  Asked read(byte[] body, UnaryOperator<@Nullable String> headers) throws InvalidRequestException;
}
