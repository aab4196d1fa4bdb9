/** Where the answers to requests live: what workers write to {@code chat.streams}, and what it says. */
@NullMarked
package io.sirocco.worker.streams;

import org.jspecify.annotations.NullMarked;
