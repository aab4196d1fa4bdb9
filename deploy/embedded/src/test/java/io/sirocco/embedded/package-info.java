/** Tests of the command line and of the script that starts it. */
@NullMarked
package io.sirocco.embedded;

import org.jspecify.annotations.NullMarked;
