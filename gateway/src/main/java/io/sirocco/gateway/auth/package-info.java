/** Who asks: API keys, what they allow, and how many answers may be open. */
@NullMarked
package io.sirocco.gateway.auth;

import org.jspecify.annotations.NullMarked;
