/** Tests of what measures. */
@NullMarked
package io.sirocco.worker.bench;

import org.jspecify.annotations.NullMarked;
