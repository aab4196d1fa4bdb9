/** Tests. */
@NullMarked
package io.sirocco.gateway.http;

import org.jspecify.annotations.NullMarked;
