/** The OpenAI chat-completion shapes: what a caller sends, and what the records of its answer carry. */
@NullMarked
package io.sirocco.contracts.chat;

import org.jspecify.annotations.NullMarked;
