package io.sirocco.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  private static final List<String> KNOWN = List.of("worker.slots", "worker.threads", "kafka.acks");

  @ParameterizedTest
  @CsvSource({
    "worker.slot,worker.slots",
    "worker.thraeds,worker.threads",
    "workerslots,worker.slots"
  })
  void nearestNameIsMeant(String written, String meant) {
    assertThat(NearestName.of(written, KNOWN)).contains(meant);
  }

  @Test
  void nothingIsMeantThatIsFarFromAll() {
    assertThat(NearestName.of("temperature", KNOWN)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"kitten,sitting,3", "flaw,lawn,2", "same,same,0", "'',abc,3"})
  void distanceCountsEdits(String from, String to, int edits) {
    assertThat(NearestName.distance(from, to)).isEqualTo(edits);
  }
}
