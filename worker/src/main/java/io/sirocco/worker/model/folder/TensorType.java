package io.sirocco.worker.model.folder;

import java.util.Arrays;
import java.util.Optional;

/**
 * The element types of weights that can be read.
 *
 * <p>Immutable.
 */
public enum TensorType {
  /** IEEE 754 binary32. */
  F32(4),
  /** IEEE 754 binary16. */
  F16(2),
  /** The upper half of a binary32. */
  BF16(2);

  private final int bytes;

  TensorType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** The type that a safetensors header calls {@code name}. */
  static Optional<TensorType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
