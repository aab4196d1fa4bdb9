/** Tokens to money: exact sums, and one place where they are rounded. JDK and contracts only. */
@NullMarked
package io.sirocco.streams.pricing;

import org.jspecify.annotations.NullMarked;
