/** Worker and broker processes that are made to fail, and a reader that checks what comes of it. */
@NullMarked
package io.sirocco.embedded.chaos;

import org.jspecify.annotations.NullMarked;
