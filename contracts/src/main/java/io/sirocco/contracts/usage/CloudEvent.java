package io.sirocco.contracts.usage;

import io.sirocco.contracts.topic.Headers;
import java.time.Instant;
import java.util.Map;

/**
 * The headers that make a record a CloudEvent in Kafka's binary mode.
 *
 * <p>Source: CloudEvents 1.0, Kafka protocol binding.
 *
 * <p>Immutable.
 */
final class CloudEvent {
  private CloudEvent() {}

  static Map<String, String> headers(
      String id, String source, String type, String subject, Instant time) {
    return Map.of(
        Headers.CE_SPECVERSION,
        "1.0",
        Headers.CE_ID,
        id,
        Headers.CE_SOURCE,
        source,
        Headers.CE_TYPE,
        type,
        Headers.CE_SUBJECT,
        subject,
        Headers.CE_TIME,
        time.toString(),
        Headers.CONTENT_TYPE,
        "application/json");
  }
}
