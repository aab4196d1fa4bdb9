package io.sirocco.worker.model.folder;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Rewrites a safetensors file whose tensors are all float32. */
public final class SafetensorsCopy {
  private SafetensorsCopy() {}

  /** Shifts the data by one byte, so that no element is aligned. */
  public static void misalign(Path file) throws IOException {
    ByteBuffer source = read(file);
    String header = header(source);
    write(file, header.length() % 2 == 0 ? header + " " : header, source);
  }

  /** Cuts the precision of all elements to that of float16, and stores them as float32. */
  public static void roundToHalf(Path file) throws IOException {
    ByteBuffer source = read(file);
    String header = header(source);
    ByteBuffer data = ByteBuffer.allocate(source.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    while (source.hasRemaining()) {
      data.putFloat(fromHalf(toHalf(source.getFloat())));
    }
    write(file, header, data.flip());
  }

  /** Stores all elements as float16. */
  public static void storeAsHalf(Path file) throws IOException {
    ByteBuffer source = read(file);
    String header = header(source);
    ByteBuffer data = ByteBuffer.allocate(source.remaining() / 2).order(ByteOrder.LITTLE_ENDIAN);
    while (source.hasRemaining()) {
      data.putShort((short) toHalf(source.getFloat()));
    }
    write(file, halved(header), data.flip());
  }

  /** All offsets are divided by two. */
  private static String halved(String header) {
    return Pattern.compile("\"data_offsets\":\\s*\\[(\\d+),\\s*(\\d+)]")
        .matcher(header.replace("\"F32\"", "\"F16\""))
        .replaceAll(offsets -> "\"data_offsets\":[%d,%d]"
            .formatted(Long.parseLong(offsets.group(1)) / 2, Long.parseLong(offsets.group(2)) / 2));
  }

  /** Truncates; what is too small for a normal float16 becomes zero. */
  private static int toHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int exponent = ((bits >>> 23) & 0xFF) - 127 + 15;
    int magnitude = exponent < 1 ? 0 : (exponent << 10) | ((bits >>> 13) & 0x3FF);
    return ((bits >>> 16) & 0x8000) | magnitude;
  }

  private static float fromHalf(int half) {
    int exponent = (half >>> 10) & 0x1F;
    int magnitude = exponent == 0 ? 0 : ((exponent - 15 + 127) << 23) | ((half & 0x3FF) << 13);
    return Float.intBitsToFloat(((half & 0x8000) << 16) | magnitude);
  }

  private static ByteBuffer read(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String header(ByteBuffer file) {
    byte[] header = new byte[Math.toIntExact(file.getLong())];
    file.get(header);
    return new String(header, UTF_8);
  }

  private static void write(Path file, String header, ByteBuffer data) throws IOException {
    byte[] text = header.getBytes(UTF_8);
    ByteBuffer all =
        ByteBuffer.allocate(8 + text.length + data.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, all.putLong(text.length).put(text).put(data).array());
  }
}
