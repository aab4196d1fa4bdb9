package io.sirocco.worker.model.torch;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * How long native objects live: everything made in a scope is freed when the scope closes, last
 * first. A model has one scope for its life, and each step has one of its own.
 *
 * <p>Confined to one thread at a time.
 */
final class NativeScope implements AutoCloseable {
  private final PtNDManager manager;
  private final Deque<IValue> values = new ArrayDeque<>();

  /** A scope that owns {@code manager}. */
  NativeScope(PtNDManager manager) {
    this.manager = manager;
  }

  /** A shorter scope within this one. */
  NativeScope child() {
    return new NativeScope((PtNDManager) manager.newSubManager());
  }

  PtNDManager manager() {
    return manager;
  }

  /** Takes over a value. */
  IValue own(IValue value) {
    values.push(value);
    return value;
  }

  IValue integer(long value) {
    return own(IValue.from(value));
  }

  IValue number(double value) {
    return own(IValue.from(value));
  }

  IValue text(String value) {
    return own(IValue.from(value));
  }

  /** A list of integers. */
  IValue integers(long... numbers) {
    return own(IValue.listFrom(numbers));
  }

  /** A one-dimensional tensor of int64. */
  IValue tensor(long... numbers) {
    return own(IValue.from((PtNDArray) manager.create(numbers)));
  }

  /** A tensor of two- or four-byte floats over the memory of a buffer, which is not copied. */
  IValue tensorOver(ByteBuffer bytes, List<Long> shape, DataType type) {
    return own(IValue.from(arrayOver(bytes, shape, type)));
  }

  /**
   * An array over the memory of a direct buffer, which is not copied and is kept reachable until the
   * scope closes. libtorch does not know who owns the memory: nothing that shares it may live longer.
   */
  PtNDArray arrayOver(ByteBuffer bytes, List<Long> shape, DataType type) {
    Shape sizes = new Shape(shape);
    return JniUtils.createNdFromByteBuffer(
        manager, bytes, sizes, type, SparseFormat.DENSE, manager.getDevice());
  }

  /** A list of tensors. */
  IValue tensors(PtNDArray... arrays) {
    return own(IValue.listFrom(arrays));
  }

  /** Copies a float32 tensor out of native memory. */
  float[] floats(IValue tensor) {
    return tensor.toTensor(manager).toFloatArray();
  }

  @Override
  public void close() {
    while (!values.isEmpty()) {
      values.pop().close();
    }
    manager.close();
  }
}
