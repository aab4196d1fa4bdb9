/** Rows say the same when they are read, and sort as they must. */
@NullMarked
package io.sirocco.streams.row;

import org.jspecify.annotations.NullMarked;
