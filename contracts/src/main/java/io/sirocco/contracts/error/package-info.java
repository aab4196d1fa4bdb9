/** What can go wrong, as the caller sees it. */
@NullMarked
package io.sirocco.contracts.error;

import org.jspecify.annotations.NullMarked;
