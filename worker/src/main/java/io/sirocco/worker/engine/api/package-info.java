/** The engine's vocabulary, for those who hand it work and hear of its results. */
@NullMarked
package io.sirocco.worker.engine.api;

import org.jspecify.annotations.NullMarked;
