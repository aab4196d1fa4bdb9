/** OpenAI's HTTP in front of Kafka: stateless, so that any instance continues any stream. */
@NullMarked
package io.sirocco.gateway;

import org.jspecify.annotations.NullMarked;
