@NullMarked
package io.sirocco.embedded.load;

import org.jspecify.annotations.NullMarked;
