package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.settings.EnvironmentNames;
import io.sirocco.settings.Setting;
import io.sirocco.settings.SettingGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/settings.md says what the settings are. */
class SettingsDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "..", "docs", "settings.md");
  private static final String WRITE = "sirocco.docs.write";

  @Test
  void documentIsWhatTheSettingsSay() throws IOException {
    String generated = new SettingsDocument(RoleSettings.GROUPS).text();
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(DOCUMENT, generated);
    }

    assertThat(Files.readString(DOCUMENT))
        .as(
            "docs/settings.md is out of date; write it anew with: mvn -pl deploy/embedded -am test"
                + " -Dtest=SettingsDocumentTest -Dsurefire.failIfNoSpecifiedTests=false -D%s=true",
            WRITE)
        .isEqualTo(generated);
  }

  @Test
  void namesAreUniqueInTheEnvironmentToo() {
    List<String> variables = settings().map(EnvironmentNames::variable).toList();

    assertThat(variables).doesNotHaveDuplicates();
  }

  @Test
  void everySettingIsDescribedInOneSentence() {
    assertThat(RoleSettings.GROUPS.stream().flatMap(group -> group.settings().stream()))
        .allSatisfy(
            setting -> assertThat(setting.description()).endsWith(".").doesNotContain("\n"));
  }

  private static Stream<String> settings() {
    return RoleSettings.GROUPS.stream()
        .map(SettingGroup::settings)
        .flatMap(List::stream)
        .map(Setting::name);
  }
}
