/** What the model's tokens cost, as the price list says it now. */
@NullMarked
package io.sirocco.worker.pricing;

import org.jspecify.annotations.NullMarked;
