/** Text to token ids and back. Knows no library. */
@NullMarked
package io.sirocco.worker.tokenizer;

import org.jspecify.annotations.NullMarked;
