/** What a gateway measures of its requests, its answers and its Kafka clients. */
@NullMarked
package io.sirocco.gateway.observe;

import org.jspecify.annotations.NullMarked;
