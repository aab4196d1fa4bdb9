package io.sirocco.worker.prompt;

/** How a rendered conversation ends. */
public enum PromptEnd {
  /** An answer to it begins. */
  ANSWER_BEGINS,
  /** The final message, the assistant's, goes on. */
  FINAL_MESSAGE_OPEN,
  /** As the template leaves it without being asked for an answer. */
  AS_IT_STANDS
}
