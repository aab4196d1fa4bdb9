/** The reply log: its records, and the one fold by which readers and workers agree on an answer. */
@NullMarked
package io.sirocco.contracts.reply;

import org.jspecify.annotations.NullMarked;
