package io.sirocco.streams.topology;

import static io.sirocco.contracts.usage.WindowSize.DAY;
import static io.sirocco.contracts.usage.WindowSize.HOUR;
import static io.sirocco.streams.TestUsage.event;
import static io.sirocco.streams.TestUsage.price;
import static io.sirocco.streams.TestUsage.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.usage.Charges;
import io.sirocco.contracts.usage.Correction;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorrectionTopologyTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant YEAR = Instant.parse("2026-01-01T00:00:00Z");
  private static final Charges ONE = new Charges(List.of(usd("1")), 0, 0);
  private static final Charges THREE = new Charges(List.of(usd("3")), 0, 0);

  private TopologyFixture topology;

  @BeforeEach
  void start(@TempDir Path folder) {
    topology = new TopologyFixture(UsageMemory.DEFAULTS, folder);
    topology.prices(price("breeze", YEAR, "1", "1", "1"));
    topology.use(event(0, "ada", "breeze", NOON, 1_000_000, 0, 0));
  }

  @AfterEach
  void end() {
    topology.close();
  }

  @Test
  void hourAndDayCostWhatTheCorrectionSays() {
    topology.correct(correction("ada", 1, ONE, THREE));

    assertThat(topology.totals("ada", "breeze", HOUR, NOON).cost()).containsExactly(usd("3"));
    assertThat(topology.totals("ada", "breeze", DAY, NOON).cost()).containsExactly(usd("3"));
    assertThat(topology.ofAll("breeze", DAY, NOON).cost()).containsExactly(usd("3"));
    assertThat(topology.totals("ada", "breeze", HOUR, NOON).corrections()).isEqualTo(1);
  }

  @Test
  void copyAndASecondOfTheSameNumberChangeNothing() {
    topology.correct(correction("ada", 1, ONE, THREE));
    topology.correct(correction("ada", 1, ONE, THREE));
    topology.correct(correction("ada", 1, ONE, new Charges(List.of(usd("7")), 0, 0)));

    assertThat(topology.totals("ada", "breeze", DAY, NOON).cost()).containsExactly(usd("3"));
  }

  @Test
  void priceMayGoBackToWhatItWas() {
    topology.correct(correction("ada", 1, ONE, THREE));
    topology.correct(correction("ada", 2, THREE, ONE));
    topology.correct(correction("ada", 3, ONE, THREE));

    assertThat(topology.totals("ada", "breeze", DAY, NOON).cost()).containsExactly(usd("3"));
  }

  @Test
  void eventThatCameMeanwhileKeepsItsCost() {
    topology.use(event(1, "ada", "breeze", NOON, 250_000, 0, 0));
    topology.correct(correction("ada", 1, ONE, THREE));

    assertThat(topology.totals("ada", "breeze", DAY, NOON).cost()).containsExactly(usd("3.25"));
  }

  @Test
  void correctionOfNothingIsNothing() {
    topology.correct(correction("bob", 1, Charges.NONE, THREE));

    assertThat(topology.totals()).hasSize(2);
    assertThat(topology.ofAll("breeze", DAY, NOON).cost()).containsExactly(usd("1"));
  }

  @Test
  void allUsersTogetherAreTheSumOfAllUsers() {
    topology.use(event(1, "bob", "breeze", NOON, 2_000_000, 0, 0));

    assertThat(topology.ofAll("breeze", HOUR, NOON).cost()).containsExactly(usd("3"));
    assertThat(topology.ofAll("breeze", HOUR, NOON).requests()).isEqualTo(2);
    assertThat(topology.totals())
        .allSatisfy((key, totals) -> assertThat(key.user()).isNotEmpty());
  }

  private static Correction correction(String user, long number, Charges before, Charges after) {
    return new Correction(
        user, "breeze", NOON.toEpochMilli(), number, before, after, NOON.toEpochMilli() + number);
  }
}
