/** Deletes the reply topics that crashed requesters left behind. */
@NullMarked
package io.sirocco.worker.janitor;

import org.jspecify.annotations.NullMarked;
