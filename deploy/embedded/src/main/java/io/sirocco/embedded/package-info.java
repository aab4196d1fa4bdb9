/** Sirocco in one process: the command line that starts broker, worker and client together. */
@NullMarked
package io.sirocco.embedded;

import org.jspecify.annotations.NullMarked;
