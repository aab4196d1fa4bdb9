/** Tests of the answers over HTTP. */
@NullMarked
package io.sirocco.streams.http;

import org.jspecify.annotations.NullMarked;
