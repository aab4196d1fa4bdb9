/** Tests of a worker's configuration. */
@NullMarked
package io.sirocco.worker.config;

import org.jspecify.annotations.NullMarked;
