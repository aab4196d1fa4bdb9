/** Tells clients which model this worker serves. */
@NullMarked
package io.sirocco.worker.announce;

import org.jspecify.annotations.NullMarked;
