/** Tests of the gateway. */
@NullMarked
package io.sirocco.gateway;

import org.jspecify.annotations.NullMarked;
