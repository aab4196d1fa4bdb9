/** What the compiler cannot hold: the arrows between modules and packages, and the habits of the house. */
@NullMarked
package io.sirocco.architecture;

import org.jspecify.annotations.NullMarked;
