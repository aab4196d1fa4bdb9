/** What can be set: where a gateway listens, who may ask, how much it bears. */
@NullMarked
package io.sirocco.gateway.settings;

import org.jspecify.annotations.NullMarked;
