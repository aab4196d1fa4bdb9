/** The server, its routes, and the open answers. */
@NullMarked
package io.sirocco.gateway.http;

import org.jspecify.annotations.NullMarked;
