package io.sirocco.embedded.doctor;

import io.sirocco.contracts.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * Whether whoever looks may do what a role must.
 *
 * <p>Immutable.
 *
 * @param role what is to be done; null to say only what one may
 */
record RightsCheck(@Nullable CheckedRole role) implements Check {
  @Override
  public List<Finding> of(ClusterState cluster) {
    List<String> requests = RequestTopicNames.among(cluster.topics().keySet());
    return role == null ? shown(cluster) : needed(cluster, role, requests);
  }

  private static List<Finding> shown(ClusterState cluster) {
    Map<Set<String>, List<String>> topics = cluster.topics().values().stream()
        .filter(topic -> topic.name().startsWith("chat."))
        .collect(Collectors.groupingBy(
            topic -> names(topic.rights()),
            Collectors.mapping(TopicState::name, Collectors.toList())));
    List<Finding> findings = new ArrayList<>();
    topics.forEach((rights, names) -> findings.add(Finding.ok(
        "rights",
        String.join(" ", rights) + " on " + String.join(", ", names),
        "those of docs/security.md; --role says which are missing")));
    return findings;
  }

  private static List<Finding> needed(
      ClusterState cluster, CheckedRole role, List<String> requests) {
    List<Finding> findings = new ArrayList<>();
    role.rights(requests).forEach((name, needed) -> {
      TopicState topic = cluster.topics().get(name);
      if (topic != null) {
        findings.add(
            compared(cluster, role, "topic " + name, "--topic " + name, needed, topic.rights()));
      }
    });
    if (role == CheckedRole.WORKER) {
      for (String topic : requests) {
        String name = Topics.workerGroup(topic);
        GroupState group = cluster.groups().get(name);
        if (group != null && !group.rights().isEmpty()) {
          findings.add(compared(
              cluster,
              role,
              "group " + name,
              "--group " + name,
              Set.of(AclOperation.READ, AclOperation.DESCRIBE),
              group.rights()));
        }
      }
    }
    return findings;
  }

  private static Finding compared(
      ClusterState cluster,
      CheckedRole role,
      String subject,
      String resource,
      Set<AclOperation> needed,
      Set<AclOperation> rights) {
    Set<AclOperation> missing = new TreeSet<>(needed);
    missing.removeAll(rights);
    String operations = names(missing).stream()
        .map(KafkaCommands::operation)
        .collect(Collectors.joining(" --operation "));
    return Finding.of(
        missing.isEmpty() ? Status.OK : Status.FAIL,
        "rights of the " + role.name().toLowerCase(Locale.ROOT) + " to " + subject,
        rights.isEmpty() ? "none" : String.join(" ", names(rights)),
        String.join(" ", names(needed)),
        cluster.commands().allow(operations, resource));
  }

  private static Set<String> names(Set<AclOperation> operations) {
    return operations.stream().map(Enum::name).collect(Collectors.toCollection(TreeSet::new));
  }
}
