/** Which requests are cancelled, as {@code chat.control} says. */
@NullMarked
package io.sirocco.worker.control;

import org.jspecify.annotations.NullMarked;
