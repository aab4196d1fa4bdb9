package io.sirocco.worker.model.folder;

import io.sirocco.worker.model.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * One safetensors file: its header, and its tensors mapped one by one.
 *
 * <p>The header is not trusted: every offset is checked against the size of the file before
 * anything is mapped. Format: 8 bytes with the header's length, the header in JSON, the data
 * (the safetensors specification).
 *
 * <p>Immutable and thread-safe.
 */
final class SafetensorsFile {
  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int MAX_HEADER_BYTES = 100_000_000;

  private final Path file;
  private final long dataStart;
  private final Map<String, TensorEntry> entries;

  private SafetensorsFile(Path file, long dataStart, Map<String, TensorEntry> entries) {
    this.file = file;
    this.dataStart = dataStart;
    this.entries = entries;
  }

  /** Reads the header. */
  static SafetensorsFile open(Path file) throws ModelLoadException {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      if (size < LENGTH_BYTES) {
        throw fault(file, "a header", size + " bytes");
      }
      long headerBytes = channel
          .map(FileChannel.MapMode.READ_ONLY, 0, LENGTH_BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .getLong();
      if (headerBytes < 2 || headerBytes > Math.min(MAX_HEADER_BYTES, size - LENGTH_BYTES)) {
        throw fault(
            file, "a header within its " + size + " bytes", headerBytes + " bytes of header");
      }
      byte[] header = new byte[(int) headerBytes];
      channel.map(FileChannel.MapMode.READ_ONLY, LENGTH_BYTES, headerBytes).get(header);
      long dataStart = LENGTH_BYTES + headerBytes;
      return new SafetensorsFile(
          file, dataStart, SafetensorsHeader.parse(file, header, size - dataStart));
    } catch (IOException e) {
      throw new ModelLoadException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** The names of the tensors in the file. */
  Set<String> names() {
    return entries.keySet();
  }

  /** Checks that the tensor is there, in a type that can be read and in that shape. */
  TensorEntry check(TensorSpec spec) throws ModelLoadException {
    TensorEntry entry = entries.get(spec.name());
    if (entry == null) {
      throw fault(file, "tensor " + spec.name(), "none");
    }
    if (!entry.shape().equals(spec.shape())) {
      throw fault(file, spec.name() + " of shape " + spec.shape(), entry.shape().toString());
    }
    TensorType type = TensorType.named(entry.type())
        .orElseThrow(() -> fault(file, spec.name() + " in F32, F16 or BF16", entry.type()));
    long expected = type.bytes();
    for (long size : entry.shape()) {
      expected *= size; // The shape is the one that the configuration asks for, so this is small.
    }
    if (expected != entry.bytes() || expected > Integer.MAX_VALUE) {
      throw fault(
          file,
          "%s in %d bytes (at most 2 GiB)".formatted(spec.name(), expected),
          entry.bytes() + " bytes");
    }
    return entry;
  }

  /** Maps a tensor. */
  StoredTensor map(TensorSpec spec) throws ModelLoadException {
    TensorEntry entry = check(spec);
    TensorType type = TensorType.valueOf(entry.type());
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer bytes =
          channel.map(FileChannel.MapMode.READ_ONLY, dataStart + entry.begin(), entry.bytes());
      return new StoredTensor(type, entry.shape(), aligned(bytes, type));
    } catch (IOException e) {
      throw new ModelLoadException(file + ": cannot be mapped: " + e.getMessage(), e);
    }
  }

  /** The format does not promise alignment; what is not aligned is copied. */
  private static ByteBuffer aligned(ByteBuffer bytes, TensorType type) {
    if (bytes.alignmentOffset(0, type.bytes()) == 0) {
      return bytes;
    }
    return ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
  }

  private static ModelLoadException fault(Path file, String expected, String found) {
    return new ModelLoadException("%s: expected %s, found %s".formatted(file, expected, found));
  }
}
