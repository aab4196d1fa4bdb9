/** The usage event: what each request record used, for the bill. */
@NullMarked
package io.sirocco.worker.usage;

import org.jspecify.annotations.NullMarked;
