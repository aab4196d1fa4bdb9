package io.sirocco.streams.row;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.usage.Decimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * Writes the members of a row, one behind the other.
 *
 * <p>Confined to one thread.
 */
public final class RowWriter {
  private ByteBuffer bytes = ByteBuffer.allocate(128);

  /** Writes a whole number in 1 to 10 bytes, small ones in few. */
  public void number(long number) {
    ByteUtils.writeVarlong(number, room(ByteUtils.sizeOfVarlong(number)));
  }

  /** Writes a number of 0 to 255 in one byte. */
  public void small(int number) {
    room(1).put((byte) number);
  }

  /** Writes a whole number of 0 or more in 8 bytes, which sort as numbers do. */
  public void sorted(long number) {
    room(Long.BYTES).putLong(number);
  }

  /** Writes a text and its length. Rows that begin with the same text are neighbours. */
  public void text(String text) {
    block(text.getBytes(UTF_8));
  }

  /** Writes a text that the row ends with: so that such rows sort by it. */
  public void last(String text) {
    byte[] utf8 = text.getBytes(UTF_8);
    room(utf8.length).put(utf8);
  }

  /** Writes an exact number. */
  public void decimal(Decimal decimal) {
    number(decimal.value().scale());
    block(decimal.value().unscaledValue().toByteArray());
  }

  /** Writes values and how many they are. */
  public <T> void list(Collection<T> values, Row<T> form) {
    number(values.size());
    for (T value : values) {
      form.write(value, this);
    }
  }

  /** Returns what was written. */
  byte[] bytes() {
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private void block(byte[] block) {
    number(block.length);
    room(block.length).put(block);
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      ByteBuffer larger = ByteBuffer.allocate(2 * bytes.capacity() + more);
      bytes = larger.put(bytes.flip());
    }
    return bytes;
  }
}
