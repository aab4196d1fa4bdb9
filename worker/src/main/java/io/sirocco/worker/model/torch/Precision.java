package io.sirocco.worker.model.torch;

/**
 * The form in which the decoder keeps its weights, and computes with them.
 *
 * <p>Immutable.
 */
public enum Precision {
  /** 32 bits: the reference. */
  F32(ElementType.FLOAT32, 4),
  /** bfloat16: half the memory, and on a CPU about twice the speed. */
  BF16(ElementType.BFLOAT16, 2),
  /**
   * Weights and what they are multiplied by in 8 bits, with a scale for each row of either; all else
   * as with {@link #BF16}.
   */
  W8A8(ElementType.BFLOAT16, 1),
  /**
   * Weights in 4 bits, with a scale and a zero for each 32 of a row; all else as with {@link #BF16}.
   */
  INT4(ElementType.BFLOAT16, 0.625);

  /** So many neighbours in a row share a scale of {@link #INT4}. */
  static final int INT4_GROUP = 32;

  /** The kernel takes so many rows of {@link #INT4} together. */
  static final int INT4_ROWS = 16;

  private final ElementType elementType;
  private final double bytesPerWeight;

  Precision(ElementType elementType, double bytesPerWeight) {
    this.elementType = elementType;
    this.bytesPerWeight = bytesPerWeight;
  }

  /** Of everything but quantised weights, the cache among them. */
  ElementType elementType() {
    return elementType;
  }

  /** The bytes of a weight of a linear layer, scales of small groups included. */
  public double bytesPerWeight() {
    return bytesPerWeight;
  }

  /** The bytes of an element of the cache. */
  public int bytesPerCacheElement() {
    return elementType.carrier().getNumOfBytes();
  }
}
