package io.sirocco.worker.prompt;

/** A chat template refuses a conversation, in its own words. */
final class TemplateRaisedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  TemplateRaisedException(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** The template's words. */
  String reason() {
    return reason;
  }
}
