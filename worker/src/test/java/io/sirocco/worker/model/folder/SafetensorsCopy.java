package io.sirocco.worker.model.folder;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

  /** Sets the columns of the attention's output matrices to zero that belong to later heads. */
  public static void silenceHeadsFrom(Path file, int head, int headDim) throws IOException {
    rewrite(file, (name, matrix) -> {
      if (name.endsWith("o_proj.weight")) {
        for (float[] row : matrix) {
          Arrays.fill(row, head * headDim, row.length, 0);
        }
      }
      return matrix;
    });
  }

  /** Leaves the first heads only. */
  public static void keepFirstHeads(Path file, int heads, int kvHeads, int headDim)
      throws IOException {
    rewrite(file, (name, matrix) -> {
      if (name.endsWith("q_proj.weight")) {
        return Arrays.copyOf(matrix, heads * headDim);
      }
      if (name.endsWith("k_proj.weight") || name.endsWith("v_proj.weight")) {
        return Arrays.copyOf(matrix, kvHeads * headDim);
      }
      if (name.endsWith("o_proj.weight")) {
        return Arrays.stream(matrix)
            .map(row -> Arrays.copyOf(row, heads * headDim))
            .toArray(float[][]::new);
      }
      return matrix;
    });
  }

  /** Leaves the first tokens of the vocabulary only. */
  public static void keepFirstTokens(Path file, int tokens) throws IOException {
    rewrite(
        file,
        (name, matrix) -> name.equals("lm_head.weight") || name.contains("embed_tokens")
            ? Arrays.copyOf(matrix, tokens)
            : matrix);
  }

  /** Replaces each tensor by what {@code change} makes of its rows; a vector has rows of one. */
  private static void rewrite(Path file, BiFunction<String, float[][], float[][]> change)
      throws IOException {
    ByteBuffer source = read(file);
    JsonNode tensors = JsonMapper.shared().readTree(header(source));
    int start = source.position();
    ByteBuffer data = ByteBuffer.allocate(source.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder header = new StringBuilder("{\"__metadata__\":{}");
    for (Map.Entry<String, JsonNode> tensor : tensors.properties()) {
      JsonNode shape = tensor.getValue().path("shape");
      if (!shape.isArray()) {
        continue; // Remarks of whoever wrote the file.
      }
      source.position(start + tensor.getValue().path("data_offsets").get(0).intValue());
      float[][] rows = new float[shape.get(0).intValue()][shape.path(1).intValue(1)];
      fill(rows, source);
      float[][] changed = change.apply(tensor.getKey(), rows);
      int begin = data.position();
      Arrays.stream(changed).forEach(row -> put(row, data));
      header.append(",\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
          .formatted(
              tensor.getKey(),
              shape.size() == 1
                  ? List.of(changed.length)
                  : List.of(changed.length, changed[0].length),
              begin,
              data.position()));
    }
    write(file, header + "}", data.flip());
  }

  private static void fill(float[][] rows, ByteBuffer source) {
    for (float[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = source.getFloat();
      }
    }
  }

  private static void put(float[] row, ByteBuffer data) {
    for (float element : row) {
      data.putFloat(element);
    }
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
