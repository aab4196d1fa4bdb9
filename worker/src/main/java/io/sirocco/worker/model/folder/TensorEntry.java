package io.sirocco.worker.model.folder;

import java.util.List;

/**
 * What a safetensors header says of one tensor.
 *
 * <p>Immutable.
 *
 * @param type the element type by its name in the format, known or not
 * @param shape its sizes, outermost first
 * @param begin first byte in the file's data
 * @param end first byte after it, within the file
 */
record TensorEntry(String type, List<Long> shape, long begin, long end) {

  long bytes() {
    return end - begin;
  }
}
