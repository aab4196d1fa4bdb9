/** Holds what is deployed, and what is documented of it, against the code. */
@NullMarked
package io.sirocco.checks;

import org.jspecify.annotations.NullMarked;
