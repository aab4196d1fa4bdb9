/** Checks a loaded model against what a reference implementation computed from the same weights. */
@NullMarked
package io.sirocco.worker.verify;

import org.jspecify.annotations.NullMarked;
