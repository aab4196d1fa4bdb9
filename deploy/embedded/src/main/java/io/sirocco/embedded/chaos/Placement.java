package io.sirocco.embedded.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Which broker leads what: of the replicas of a partition the first.
 *
 * <p>Immutable.
 *
 * @param coordinator the one that leads the group's offsets and nothing else; empty: as the brokers like
 * @param brokers how many there are, with ids from 1
 */
record Placement(Optional<Integer> coordinator, int brokers) {
  private static final short REPLICAS_OF_BROKER = -1;

  /** A topic of which the coordinator leads nothing. */
  NewTopic topic(String name, int partitions) {
    if (coordinator.isEmpty()) {
      return new NewTopic(name, partitions, REPLICAS_OF_BROKER);
    }
    Map<Integer, List<Integer>> replicas = new HashMap<>();
    for (int partition = 0; partition < partitions; partition++) {
      List<Integer> inTurn = others();
      Collections.rotate(inTurn, partition);
      inTurn.add(coordinator.get());
      replicas.put(partition, inTurn);
    }
    return new NewTopic(name, replicas);
  }

  /** A topic of which the coordinator, which there must be, leads everything. */
  NewTopic ledByCoordinator(String name, int partitions) {
    List<Integer> replicas = others();
    replicas.add(0, coordinator.orElseThrow());
    return new NewTopic(
        name,
        IntStream.range(0, partitions)
            .boxed()
            .collect(Collectors.toMap(partition -> partition, partition -> replicas)));
  }

  private List<Integer> others() {
    return IntStream.rangeClosed(1, brokers)
        .filter(id -> id != coordinator.orElseThrow())
        .boxed()
        .collect(Collectors.toCollection(ArrayList::new));
  }
}
