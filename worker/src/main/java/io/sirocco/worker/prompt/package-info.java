/** A conversation to token ids: the model's chat template, and what keeps users' text from being more than text. */
@NullMarked
package io.sirocco.worker.prompt;

import org.jspecify.annotations.NullMarked;
