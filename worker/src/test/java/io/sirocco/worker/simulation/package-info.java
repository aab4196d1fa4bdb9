/**
 * The whole worker over a fake broker and a fake model, on a clock that is stepped by hand: faults by
 * seed, and every guarantee checked after every event.
 */
@NullMarked
package io.sirocco.worker.simulation;

import org.jspecify.annotations.NullMarked;
