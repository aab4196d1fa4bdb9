/** From the request topic to the engine: poll, decode, admit, commit. */
@NullMarked
package io.sirocco.worker.intake;

import org.jspecify.annotations.NullMarked;
