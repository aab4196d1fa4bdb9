/** Questions to the state stores of this process. */
@NullMarked
package io.sirocco.streams.query;

import org.jspecify.annotations.NullMarked;
