/** Tests. */
@NullMarked
package io.sirocco.gateway.auth;

import org.jspecify.annotations.NullMarked;
