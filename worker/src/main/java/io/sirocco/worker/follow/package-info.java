/** Follows a topic from its beginning, for as long as it is there. */
@NullMarked
package io.sirocco.worker.follow;

import org.jspecify.annotations.NullMarked;
