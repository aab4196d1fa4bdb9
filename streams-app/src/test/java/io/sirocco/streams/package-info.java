/** Tests of the usage application on a real broker, and what all its tests share. */
@NullMarked
package io.sirocco.streams;

import org.jspecify.annotations.NullMarked;
