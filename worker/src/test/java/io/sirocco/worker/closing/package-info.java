@NullMarked
package io.sirocco.worker.closing;

import org.jspecify.annotations.NullMarked;
