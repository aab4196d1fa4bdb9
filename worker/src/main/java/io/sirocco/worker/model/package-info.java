/** The model as the engine sees it: token ids in, logits out. Knows no requests and no tensor library. */
@NullMarked
package io.sirocco.worker.model;

import org.jspecify.annotations.NullMarked;
