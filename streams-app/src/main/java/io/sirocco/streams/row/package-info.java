/** The rows of the state stores as bytes: short, and written and read without a look at names. */
@NullMarked
package io.sirocco.streams.row;

import org.jspecify.annotations.NullMarked;
