/** Tests of running a role. */
@NullMarked
package io.sirocco.embedded.role;

import org.jspecify.annotations.NullMarked;
