/** Accounting for the key-value cache: whose place is where, and what is worth keeping. The JDK only. */
@NullMarked
package io.sirocco.worker.kvcache;

import org.jspecify.annotations.NullMarked;
