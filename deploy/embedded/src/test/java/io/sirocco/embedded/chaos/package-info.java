@NullMarked
package io.sirocco.embedded.chaos;

import org.jspecify.annotations.NullMarked;
