/** Reply logs with what a right reader makes of them, for readers in any language. */
@NullMarked
package io.sirocco.contracts.conformance;

import org.jspecify.annotations.NullMarked;
