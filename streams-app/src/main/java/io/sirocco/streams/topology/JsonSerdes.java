package io.sirocco.streams.topology;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Records as JSON, in stores and on topics alike.
 *
 * <p>For what the application itself wrote: JSON of another shape is a fault, not an input.
 *
 * <p>Immutable.
 */
final class JsonSerdes {
  private final JsonCodec codec;

  JsonSerdes(JsonCodec codec) {
    this.codec = codec;
  }

  <T> Serde<T> of(Class<T> type) {
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : codec.writeBytes(value),
        (topic, json) -> json == null ? null : read(topic, json, type));
  }

  private <T> T read(String topic, byte[] json, Class<T> type) {
    try {
      return codec.read(json, type);
    } catch (MalformedJsonException e) {
      throw new SerializationException(
          "cannot read a %s of %s: %s".formatted(type.getSimpleName(), topic, e.getMessage()), e);
    }
  }
}
