package io.sirocco.embedded.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private final Placement placement = new Placement(Optional.of(1), 3);

  @Test
  void theCoordinatorLeadsNothingElse() {
    assertThat(placement.topic("requests", 3).replicasAssignments())
        .isEqualTo(Map.of(0, List.of(2, 3, 1), 1, List.of(3, 2, 1), 2, List.of(2, 3, 1)));
  }

  @Test
  void theCoordinatorLeadsAllOfTheOffsets() {
    assertThat(placement.ledByCoordinator("offsets", 2).replicasAssignments())
        .isEqualTo(Map.of(0, List.of(1, 2, 3), 1, List.of(1, 2, 3)));
  }

  @Test
  void withoutACoordinatorTheBrokersChoose() {
    assertThat(new Placement(Optional.empty(), 1).topic("requests", 4).replicasAssignments())
        .isNull();
  }
}
