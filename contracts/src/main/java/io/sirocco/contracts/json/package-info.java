/** Bytes to records and back. */
@NullMarked
package io.sirocco.contracts.json;

import org.jspecify.annotations.NullMarked;
