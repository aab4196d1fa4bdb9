@NullMarked
package io.sirocco.embedded.observe;

import org.jspecify.annotations.NullMarked;
