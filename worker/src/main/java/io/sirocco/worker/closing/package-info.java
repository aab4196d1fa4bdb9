/** Closes requests: usage event, dead letter and offsets in one transaction of their partition. */
@NullMarked
package io.sirocco.worker.closing;

import org.jspecify.annotations.NullMarked;
