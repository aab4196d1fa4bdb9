package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is deployed and documented sets what can be set: an unknown setting stops a role. */
class SettingNamesTest {
  private static final SettingNames SETTINGS = SettingNames.documented();

  @Test
  void everyVariableIsASetting() {
    List<Path> files = Stream.of("deploy/compose", "deploy/kubernetes", "deploy/images", "docs")
        .flatMap(folder -> Repository.files(folder, name -> !name.equals("README.md")).stream())
        .filter(file -> !file.endsWith("CHANGELOG.md"))
        .toList();

    assertThat(files)
        .hasSizeGreaterThan(20)
        .allSatisfy(
            file -> assertThat(SETTINGS.unknownVariables(Repository.text(file))).isEmpty());
  }

  @Test
  void everyPropertyIsASetting() {
    String properties = Repository.text("deploy/kubernetes/base/sirocco.properties");

    assertThat(SETTINGS.unknownProperties(properties)).isEmpty();
  }

  @Test
  void nameThatIsNoSettingIsFound() {
    assertThat(SETTINGS.unknownVariables("SIROCCO_WORKER_SLOT: 4, SIROCCO_WORKER_SLOTS: 4"))
        .containsExactly("SIROCCO_WORKER_SLOT");
    assertThat(SETTINGS.unknownProperties("worker.slot=4\nworker.slots=4\n"))
        .containsExactly("worker.slot");
  }
}
