/** Properties that pass through to Kafka's clients, held against the names and types that these know. */
@NullMarked
package io.sirocco.settings.kafka;

import org.jspecify.annotations.NullMarked;
