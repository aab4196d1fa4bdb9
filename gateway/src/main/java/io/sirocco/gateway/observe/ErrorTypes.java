package io.sirocco.gateway.observe;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.gateway.refusal.HttpFault;
import org.jspecify.annotations.Nullable;

/**
 * The codes of errors as labels, of which there are only so many: whoever may write to a reply log may
 * write any code.
 *
 * <p>Immutable.
 */
final class ErrorTypes {
  private static final String OTHER = "_OTHER";

  private ErrorTypes() {}

  /** Returns {@code code} if it is one of ours. */
  static String of(@Nullable String code) {
    return code != null && (ErrorCode.isCode(code) || HttpFault.isCode(code)) ? code : OTHER;
  }
}
