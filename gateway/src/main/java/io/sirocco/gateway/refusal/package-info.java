/** Why requests are not answered. */
@NullMarked
package io.sirocco.gateway.refusal;

import org.jspecify.annotations.NullMarked;
