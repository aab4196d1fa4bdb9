package io.sirocco.worker.model.torch;

/**
 * The element type in which the decoder computes, and keeps its weights and its cache.
 *
 * <p>Immutable.
 */
public enum Precision {
  /** 32 bits: the reference. */
  F32(ElementType.FLOAT32),
  /** bfloat16: half the memory, and on a CPU about twice the speed. */
  BF16(ElementType.BFLOAT16);

  private final ElementType elementType;

  Precision(ElementType elementType) {
    this.elementType = elementType;
  }

  ElementType elementType() {
    return elementType;
  }
}
