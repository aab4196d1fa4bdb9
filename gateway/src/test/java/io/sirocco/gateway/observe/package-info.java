/** Tests. */
@NullMarked
package io.sirocco.gateway.observe;

import org.jspecify.annotations.NullMarked;
