/** The names of topics and record headers, each in one place. */
@NullMarked
package io.sirocco.contracts.topic;

import org.jspecify.annotations.NullMarked;
