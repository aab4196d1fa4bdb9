package io.sirocco.embedded.doctor;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;

/**
 * How a group of workers is.
 *
 * <p>Immutable.
 *
 * @param members how many workers there are
 * @param settings of the group; empty where one may not look
 * @param rights what whoever looks may do; empty for a group that is not there yet
 */
record GroupState(int members, Map<String, String> settings, Set<AclOperation> rights) {

  GroupState {
    settings = Map.copyOf(settings);
    rights = Set.copyOf(rights);
  }
}
