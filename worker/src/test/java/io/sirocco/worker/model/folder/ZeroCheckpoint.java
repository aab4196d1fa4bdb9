package io.sirocco.worker.model.folder;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.worker.model.ModelLoadException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** A checkpoint of any size whose weights are all zero, in a file that takes hardly any disk. */
public final class ZeroCheckpoint {
  private ZeroCheckpoint() {}

  /** Writes the float32 tensors that {@code config} asks for, and returns how many weights they are. */
  public static long write(Path folder, String config) throws IOException, ModelLoadException {
    Path configFile = Files.writeString(folder.resolve("config.json"), config);
    StringBuilder header = new StringBuilder("{\"__metadata__\":{}");
    long end = 0;
    for (TensorSpec spec : DecoderTensors.of(ModelConfig.read(configFile)).all()) {
      long begin = end;
      end += Float.BYTES * spec.shape().stream().reduce(1L, (a, b) -> a * b);
      header.append(",\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
          .formatted(spec.name(), spec.shape(), begin, end));
    }
    byte[] text = (header + "}" + " ".repeat(8 - (header.length() + 1) % 8)).getBytes(UTF_8);
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("model.safetensors").toFile(), "rw")) {
      file.write(ByteBuffer.allocate(Long.BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(text.length)
          .array());
      file.write(text);
      file.setLength(Long.BYTES + text.length + end);
    }
    return end / Float.BYTES;
  }
}
