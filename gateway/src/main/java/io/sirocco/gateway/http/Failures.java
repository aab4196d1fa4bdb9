package io.sirocco.gateway.http;

import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import io.sirocco.gateway.refusal.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What the errors of answers mean.
 *
 * <p>Immutable.
 */
final class Failures {
  private static final JsonCodec CODEC = new JsonCodec();

  private Failures() {}

  /** Returns what an {@code error} record's body means as a status. */
  static Refusal ofAnswer(@Nullable String body) {
    try {
      return body == null
          ? Refusal.serverFault()
          : Refusal.ofAnswer(CODEC.read(body, ErrorBody.class));
    } catch (MalformedJsonException e) {
      return Refusal.serverFault();
    }
  }
}
