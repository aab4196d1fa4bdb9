/** The claims that the client makes. */
@NullMarked
package io.sirocco.client;

import org.jspecify.annotations.NullMarked;
