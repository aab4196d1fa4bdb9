/** Tests. */
@NullMarked
package io.sirocco.gateway.answer;

import org.jspecify.annotations.NullMarked;
