/** A checkpoint as HuggingFace lays it out in a folder: its configuration and its tensors. Knows no tensor library. */
@NullMarked
package io.sirocco.worker.model.folder;

import org.jspecify.annotations.NullMarked;
