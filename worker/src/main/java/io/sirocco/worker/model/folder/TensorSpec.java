package io.sirocco.worker.model.folder;

import java.util.List;

/**
 * A tensor that a checkpoint must hold.
 *
 * <p>Immutable.
 *
 * @param name its name in the checkpoint
 * @param shape its sizes, outermost first
 */
public record TensorSpec(String name, List<Long> shape) {

  public TensorSpec {
    shape = List.copyOf(shape);
  }

  static TensorSpec matrix(String name, long rows, long columns) {
    return new TensorSpec(name, List.of(rows, columns));
  }

  static TensorSpec vector(String name, long size) {
    return new TensorSpec(name, List.of(size));
  }
}
