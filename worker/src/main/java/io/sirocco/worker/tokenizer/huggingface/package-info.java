/** The tokenizer on HuggingFace's own library. */
@NullMarked
package io.sirocco.worker.tokenizer.huggingface;

import org.jspecify.annotations.NullMarked;
