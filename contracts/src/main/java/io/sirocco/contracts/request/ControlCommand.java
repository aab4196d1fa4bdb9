package io.sirocco.contracts.request;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What is to be done with a request: the value on {@code chat.control}, under a {@link RequestKey}.
 *
 * <p>It holds for every request that its key means, whether it is written before or after, for as
 * long as the record is there. A command of a later version, which this one does not know, is for
 * workers that do.
 *
 * <p>Immutable.
 *
 * @param command what to do; {@value #CANCEL}: end the answer with the error {@code cancelled}
 * @param issuedMillis when it was asked for, in milliseconds since the epoch
 */
public record ControlCommand(
    @JsonProperty("command") String command,
    @JsonProperty(value = "issued_ms", required = true) long issuedMillis) {
  /** The command that ends a request, waiting or running. */
  public static final String CANCEL = "cancel";

  public ControlCommand {
    requireNonNull(command, "command");
  }

  /** Returns the command that cancels. */
  public static ControlCommand cancel(long issuedMillis) {
    return new ControlCommand(CANCEL, issuedMillis);
  }

  /** Whether it cancels. */
  public boolean cancels() {
    return command.equals(CANCEL);
  }
}
