package io.sirocco.streams.row;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.usage.Decimal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * Reads the members of a row in the order in which {@link RowWriter} wrote them.
 *
 * <p>All methods throw {@link java.nio.BufferUnderflowException} or {@link IllegalArgumentException}
 * when the bytes are no such row.
 *
 * <p>Confined to one thread.
 */
public final class RowReader {
  private final ByteBuffer bytes;

  RowReader(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  /** Reads a whole number. */
  public long number() {
    return ByteUtils.readVarlong(bytes);
  }

  /** Reads a whole number of 32 bits. */
  public int count() {
    long number = number();
    if (number != (int) number) {
      throw new IllegalArgumentException("expected a number of 32 bits, found " + number);
    }
    return (int) number;
  }

  /** Reads a number of 0 to 255. */
  public int small() {
    return Byte.toUnsignedInt(bytes.get());
  }

  /** Reads a number that was written to be sorted by. */
  public long sorted() {
    return bytes.getLong();
  }

  /** Reads a text and its length. */
  public String text() {
    return utf8(length());
  }

  /** Reads the text that the row ends with. */
  public String last() {
    return utf8(bytes.remaining());
  }

  /** Reads an exact number. */
  public Decimal decimal() {
    int scale = count();
    byte[] unscaled = new byte[length()];
    bytes.get(unscaled);
    return new Decimal(new BigDecimal(new BigInteger(unscaled), scale));
  }

  /** Reads values and how many they are. */
  public <T> List<T> list(Row<T> form) {
    int size = length();
    List<T> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      values.add(form.read(this));
    }
    return values;
  }

  private String utf8(int length) {
    String text = new String(bytes.array(), bytes.position(), length, UTF_8);
    bytes.position(bytes.position() + length);
    return text;
  }

  private int length() {
    int length = count();
    // Whatever it counts takes at least a byte: a row that was cut off must not fill the memory.
    if (length < 0 || length > bytes.remaining()) {
      throw new IllegalArgumentException(
          "expected at most %d more, found %d".formatted(bytes.remaining(), length));
    }
    return length;
  }
}
