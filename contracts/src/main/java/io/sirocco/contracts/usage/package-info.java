/** Usage events, prices, and what both add up to: the records that bills are made of. */
@NullMarked
package io.sirocco.contracts.usage;

import org.jspecify.annotations.NullMarked;
