package io.sirocco.embedded.doctor;

import java.util.List;

/** One thing that is looked at in the state of a cluster. */
@FunctionalInterface
interface Check {
  /** Returns what is to be said of {@code cluster}; nothing of what does not concern it. */
  List<Finding> of(ClusterState cluster);
}
