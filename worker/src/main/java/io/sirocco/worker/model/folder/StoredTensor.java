package io.sirocco.worker.model.folder;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A tensor of a checkpoint, mapped from its file.
 *
 * <p>Immutable. The memory stays mapped as long as the buffer is reachable.
 *
 * @param type the element type
 * @param shape its sizes, outermost first
 * @param bytes the elements, little-endian, row after row; direct and aligned to the element size
 */
public record StoredTensor(TensorType type, List<Long> shape, ByteBuffer bytes) {}
