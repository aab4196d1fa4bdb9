/** The usage application: wiring, settings, start and end. */
@NullMarked
package io.sirocco.streams;

import org.jspecify.annotations.NullMarked;
