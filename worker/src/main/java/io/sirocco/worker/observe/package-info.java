/** What a worker measures of itself, and whether it is well; see {@code docs/metrics.md}. */
@NullMarked
package io.sirocco.worker.observe;

import org.jspecify.annotations.NullMarked;
