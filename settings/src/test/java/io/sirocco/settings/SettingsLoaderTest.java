package io.sirocco.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsLoaderTest {
  @TempDir
  Path folder;

  private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/bin"));
  private final Map<String, String> options = new HashMap<>(Map.of("kitchen.cook", "Ada"));
  private Optional<Path> file = Optional.empty();

  private void file(String name, String... lines) throws IOException {
    file = Optional.of(Files.write(folder.resolve(name), List.of(lines)));
  }

  private Settings load() throws InvalidSettingsException, IOException {
    return new SettingsLoader(List.of(Kitchen.GROUP, Kitchen.HALL), Set.of("SIROCCO_JAVA_OPTS"))
        .load(new SettingSources(file, environment, options), List.of(Kitchen.GROUP));
  }

  private List<String> mistakes() {
    return catchThrowableOfType(InvalidSettingsException.class, this::load).lines();
  }

  @Test
  void defaultsHoldWhereNothingIsSet() throws Exception {
    Settings settings = load();

    assertThat(settings.get(Kitchen.OVENS)).isEqualTo(2);
    assertThat(settings.get(Kitchen.PATIENCE)).isEqualTo(Duration.ofMinutes(30));
    assertThat(settings.find(Kitchen.MENU)).isEmpty();
  }

  @Test
  void optionsWinOverTheEnvironmentWhichWinsOverTheFile() throws Exception {
    file(
        "kitchen.properties",
        "kitchen.ovens = 3",
        "kitchen.guest-patience = 5m",
        "kitchen.menu = soup");
    environment.put("SIROCCO_KITCHEN_OVENS", "4");
    environment.put("SIROCCO_KITCHEN_GUEST_PATIENCE", "90s");
    options.put("kitchen.ovens", "5");

    Settings settings = load();
    assertThat(settings.get(Kitchen.OVENS)).isEqualTo(5);
    assertThat(settings.get(Kitchen.PATIENCE)).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.find(Kitchen.MENU)).contains("soup");
  }

  @Test
  void allMistakesAreListedAtOnce() throws Exception {
    file(
        "kitchen.properties",
        "# what is wrong with this kitchen",
        "kitchen.ovens = many",
        "kitchen.ovenz = 3",
        "kitchen.recipe =",
        "kitchen.menu = ${NOWHERE}",
        "gas.presure = low",
        "nothing.like.it = 1");
    environment.put("SIROCCO_KITCHEN_GUEST_PATIENCE", "3h");
    environment.put("SIROCCO_KITCHEN_COOKS", "Bob");
    options.put("gas.pressure", "high");
    options.remove("kitchen.cook");

    assertThat(mistakes())
        .containsExactly(
            "SIROCCO_KITCHEN_COOKS (environment variable): expected a known variable, found none of"
                + " this name; did you mean SIROCCO_KITCHEN_COOK?",
            "gas.pressure (command line): expected low, found high",
            "gas.presure (kitchen.properties:6): expected a known setting, found none of this name;"
                + " did you mean gas.pressure?",
            "kitchen.cook (not set): expected a name, found nothing",
            "kitchen.guest-patience (environment variable SIROCCO_KITCHEN_GUEST_PATIENCE): expected"
                + " a time from 0s to 2h, in ms, s, m, h or d, found '3h'",
            "kitchen.menu (kitchen.properties:5): expected ${NOWHERE} to refer to an environment"
                + " variable or a setting, found none",
            "kitchen.ovens (kitchen.properties:2): expected a whole number from 1 to 8, found"
                + " 'many'",
            "kitchen.ovenz (kitchen.properties:3): expected a known setting, found none of this"
                + " name; did you mean kitchen.ovens?",
            "kitchen.recipe (kitchen.properties:4): expected at least one ingredient, found another",
            "nothing.like.it (kitchen.properties:7): expected a known setting, found none of this"
                + " name");
  }

  @Test
  void settingsAreHeldAgainstEachOther() {
    options.put("kitchen.cook", "nobody");

    assertThat(mistakes())
        .containsExactly("kitchen.cook (command line): expected somebody, found nobody");
  }

  @Test
  void numberOutsideOfItsRangeIsAMistake() {
    options.put("kitchen.ovens", "9");

    assertThat(mistakes())
        .containsExactly(
            "kitchen.ovens (command line): expected a whole number from 1 to 8, found '9'");
  }

  @Test
  void settingOfAnotherRoleIsNeitherAMistakeNorLookedAt() throws Exception {
    file("all.properties", "hall.tables = no number of tables");

    assertThat(load().lines()).noneMatch(line -> line.contains("hall"));
  }

  @Test
  void variableOfTheLauncherIsNoSetting() throws Exception {
    environment.put("SIROCCO_JAVA_OPTS", "-Xmx4g");

    assertThat(load().lines()).noneMatch(line -> line.contains("Xmx"));
  }

  @Test
  void secretsAreMaskedAndLinesAreSorted() throws Exception {
    file("kitchen.properties", "kitchen.recipe = saffron", "gas.valve.password = hunter2");
    environment.put("SIROCCO_GAS_PRESSURE", "low");

    assertThat(load().lines())
        .containsExactly(
            "gas.pressure=low (environment variable SIROCCO_GAS_PRESSURE)",
            "gas.valve.password=*** (kitchen.properties:2)",
            "kitchen.cook=Ada (command line)",
            "kitchen.guest-patience=30m (default)",
            "kitchen.ovens=2 (default)",
            "kitchen.recipe=*** (kitchen.properties:1)");
  }

  @Test
  void secretThatRefersToTheEnvironmentIsFilledIn() throws Exception {
    file("kitchen.properties", "gas.valve.password = ${VALVE_PASSWORD}");
    environment.put("VALVE_PASSWORD", "hunter2");

    assertThat(load().properties(Kitchen.GAS)).isEqualTo(Map.of("valve.password", "hunter2"));
  }

  @Test
  void dollarsAreReferencesInFilesOnly() throws Exception {
    for (String password : List.of("pa$$w$rd", "${x}", "a\\$b$", "${x", "\\.+$")) {
      environment.put("VALVE_PASSWORD", password);
      file("kitchen.properties", "gas.valve.password = <${VALVE_PASSWORD}>");
      assertThat(load().properties(Kitchen.GAS)).containsValue("<" + password + ">");

      environment.put("SIROCCO_GAS_VALVE_PASSWORD", password);
      assertThat(load().properties(Kitchen.GAS)).containsValue(password);
      environment.remove("SIROCCO_GAS_VALVE_PASSWORD");
    }
    file("kitchen.properties", "gas.valve.password = pa$$w");
    assertThat(load().properties(Kitchen.GAS)).containsValue("pa$w");
  }

  @Test
  void yamlNestsNamesAndListsValues() throws Exception {
    file(
        "kitchen.yaml",
        "kitchen:",
        "  ovens: 6",
        "  menu:",
        "    - soup",
        "    - cake",
        "gas:",
        "  valve.password: hunter2");

    Settings settings = load();
    assertThat(settings.get(Kitchen.OVENS)).isEqualTo(6);
    assertThat(settings.find(Kitchen.MENU)).contains("soup,cake");
    assertThat(settings.properties(Kitchen.GAS)).containsEntry("valve.password", "hunter2");
  }

  @Test
  void yamlThatIsNoneIsOneMistakeThatQuotesNothing() throws Exception {
    file("kitchen.yaml", "kitchen:", "  recipe: \"saffron");

    assertThat(mistakes())
        .singleElement()
        .asString()
        .contains("kitchen.yaml (configuration file): expected YAML, found a fault in line")
        .doesNotContain("saffron");
  }

  @Test
  void nameThatIsSetTwiceInAFileIsAMistake() throws Exception {
    file("kitchen.properties", "kitchen.ovens = 3", "kitchen.ovens = 4");
    assertThat(mistakes()).singleElement().asString().endsWith("found 'kitchen.ovens' twice");

    file("kitchen.yml", "kitchen.ovens: 3", "kitchen.ovens: 4");
    assertThat(mistakes()).singleElement().asString().contains("duplicate key");
  }

  @Test
  void missingFileIsAFaultOfItsOwn() {
    file = Optional.of(folder.resolve("none.properties"));

    assertThatThrownBy(this::load).isInstanceOf(NoSuchFileException.class);
  }
}
