package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The compose file is one, and what it mounts is there. */
class ComposeTest {
  private static final Path FILE = Repository.file("deploy/compose/compose.yaml");

  @Test
  void schemaTakesIt() throws Exception {
    Tool.Findings findings = Tool.linter("compose").run(List.of(), List.of(FILE));

    assertThat(findings.output()).isEmpty();
    assertThat(findings.status()).isZero();
  }

  @Test
  void schemaRefusesAMemberThatItDoesNotKnow() throws Exception {
    Tool.Findings findings =
        Tool.linter("compose").run(List.of(), List.of(Repository.planted("compose.yaml")));

    assertThat(findings.output()).contains("stop_grace_periods");
    assertThat(findings.status()).isOne();
  }

  @Test
  void allPartsAreThere() {
    assertThat(services())
        .containsOnlyKeys("broker", "worker", "streams-app", "gateway", "prometheus", "grafana");
  }

  @Test
  void everyPortIsBoundToThisMachineAlone() {
    assertThat(services().values()).allSatisfy(service -> {
      if (Tree.find(service, "ports") instanceof List<?> ports) {
        assertThat(ports).allSatisfy(port -> assertThat(port.toString()).startsWith("127.0.0.1:"));
      }
    });
  }

  @Test
  void everyMountedFileIsThere() {
    assertThat(services().values()).allSatisfy(service -> {
      if (Tree.find(service, "volumes") instanceof List<?> volumes) {
        assertThat(volumes)
            .map(volume -> volume.toString().split(":", -1)[0])
            .filteredOn(source -> source.startsWith("."))
            .allSatisfy(source -> assertThat(
                    Files.exists(Repository.file("deploy/compose").resolve(source)))
                .as(source)
                .isTrue());
      }
    });
  }

  private static Map<String, Object> services() {
    return Tree.object(Repository.documents(FILE).get(0).get("services"));
  }
}
