/** A load generator: asks like many people at once, and says how long they wait. */
@NullMarked
package io.sirocco.embedded.load;

import org.jspecify.annotations.NullMarked;
