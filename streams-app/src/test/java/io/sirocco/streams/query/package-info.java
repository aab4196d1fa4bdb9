/** Tests of what is known. */
@NullMarked
package io.sirocco.streams.query;

import org.jspecify.annotations.NullMarked;
