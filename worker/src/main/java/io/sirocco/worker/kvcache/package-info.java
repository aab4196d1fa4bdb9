/** Accounting for the key-value cache: who holds which slot. The JDK only. */
@NullMarked
package io.sirocco.worker.kvcache;

import org.jspecify.annotations.NullMarked;
