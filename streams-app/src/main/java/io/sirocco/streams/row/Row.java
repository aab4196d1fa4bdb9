package io.sirocco.streams.row;

import java.nio.BufferUnderflowException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * How a value stands in a store.
 *
 * <p>An event reads and writes a dozen of them, into which a quarter of its time went as JSON. What
 * others read, on topics and over HTTP, is JSON all the same.
 *
 * <p>Immutable and thread-safe.
 */
public interface Row<T> {
  /** Writes {@code value}. */
  void write(T value, RowWriter row);

  /** Reads what {@link #write} wrote. */
  T read(RowReader row);

  /** Returns this form for Kafka: bytes that cannot be read are a fault, not an input. */
  default Serde<T> serde() {
    return Serdes.serdeFrom(
        (topic, value) -> value == null ? null : bytes(value),
        (topic, bytes) -> bytes == null ? null : value(topic, bytes));
  }

  private byte[] bytes(T value) {
    RowWriter row = new RowWriter();
    write(value, row);
    return row.bytes();
  }

  private T value(String topic, byte[] bytes) {
    try {
      return read(new RowReader(bytes));
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new SerializationException("cannot read a row of %s: %s".formatted(topic, e), e);
    }
  }
}
