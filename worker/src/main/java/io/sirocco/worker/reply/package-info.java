/** From generated tokens to records of the reply log. */
@NullMarked
package io.sirocco.worker.reply;

import org.jspecify.annotations.NullMarked;
