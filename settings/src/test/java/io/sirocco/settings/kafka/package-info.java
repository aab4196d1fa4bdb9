/** Tests of settings that pass through to Kafka. */
@NullMarked
package io.sirocco.settings.kafka;

import org.jspecify.annotations.NullMarked;
