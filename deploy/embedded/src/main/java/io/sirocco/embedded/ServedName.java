package io.sirocco.embedded;

import io.sirocco.worker.app.ModelSource;

/**
 * A model to be served, and the name it is served under.
 *
 * <p>Immutable.
 *
 * @param name as clients ask for it; names its request topic, too
 * @param source where it is loaded from, once for each worker
 */
record ServedName(String name, ModelSource source) {}
