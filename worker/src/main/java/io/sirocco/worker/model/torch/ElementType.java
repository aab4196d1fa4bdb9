package io.sirocco.worker.model.torch;

import ai.djl.ndarray.types.DataType;
import io.sirocco.worker.model.folder.TensorType;

/**
 * libtorch's codes of element types, and how DJL is told of them.
 *
 * <p>Immutable.
 */
enum ElementType {
  FLOAT16(5, DataType.FLOAT16),
  FLOAT32(6, DataType.FLOAT32),
  /** DJL ends the process when it is asked for bfloat16: it is told another type of that size. */
  BFLOAT16(15, DataType.FLOAT16);

  private final int code;
  private final DataType carrier;

  ElementType(int code, DataType carrier) {
    this.code = code;
    this.carrier = carrier;
  }

  static ElementType of(TensorType stored) {
    return switch (stored) {
      case F32 -> FLOAT32;
      case F16 -> FLOAT16;
      case BF16 -> BFLOAT16;
    };
  }

  /** The code in libtorch. */
  int code() {
    return code;
  }

  /** The type under which memory of this type crosses into libtorch. */
  DataType carrier() {
    return carrier;
  }
}
