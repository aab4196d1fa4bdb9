package io.sirocco.worker.prompt;

/**
 * A model's chat template failed on a conversation that it should render: the model folder is at
 * fault, not the request.
 *
 * <p>The message holds nothing of the conversation, and there is no cause, whose message might.
 */
public final class ChatTemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChatTemplateException(String message) {
    super(message);
  }
}
