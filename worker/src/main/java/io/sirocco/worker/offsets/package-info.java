/** Accounting for the offsets of a partition whose records finish out of order. The JDK only. */
@NullMarked
package io.sirocco.worker.offsets;

import org.jspecify.annotations.NullMarked;
