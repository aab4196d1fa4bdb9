/** Tests of the embedded broker. */
@NullMarked
package io.sirocco.broker;

import org.jspecify.annotations.NullMarked;
