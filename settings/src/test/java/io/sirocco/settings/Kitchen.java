package io.sirocco.settings;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The settings of an imaginary role. */
final class Kitchen {
  static final Setting<Integer> OVENS =
      Setting.withDefault("kitchen.ovens", Types.integer(1, 8), "2", "How many ovens there are.");
  static final Setting<Duration> PATIENCE = Setting.withDefault(
      "kitchen.guest-patience",
      Types.duration(Duration.ZERO, Duration.ofHours(2)),
      "30m",
      "How long guests wait.");
  static final Setting<String> COOK =
      Setting.required("kitchen.cook", Types.text("a name"), "Who cooks.");
  static final Setting<String> MENU =
      Setting.optional("kitchen.menu", Types.text("a text"), "the cook's choice", "What there is.");
  static final Setting<String> RECIPE = Setting.optional(
          "kitchen.recipe", Types.text("at least one ingredient"), "none", "What nobody may know.")
      .asSecret();

  static final PassThrough GAS = new PassThrough("gas.", new GasProperties(), "What gas takes.");

  static final SettingGroup GROUP = new SettingGroup(
      "Kitchen",
      List.of(OVENS, PATIENCE, COOK, MENU, RECIPE),
      List.of(GAS),
      List.of(settings -> settings.find(COOK).filter("nobody"::equals).isPresent()
          ? List.of(settings.mistake(COOK, "expected somebody, found nobody"))
          : List.of()));

  static final Setting<Integer> TABLES =
      Setting.withDefault("hall.tables", Types.integer(1, 99), "9", "How many tables there are.");
  static final SettingGroup HALL = new SettingGroup("Hall", List.of(TABLES), List.of(), List.of());

  private Kitchen() {}

  private static final class GasProperties implements PropertyRule {
    @Override
    public Set<String> knownNames() {
      return Set.of("pressure", "valve.password");
    }

    @Override
    public boolean allows(String name) {
      return knownNames().contains(name);
    }

    @Override
    public boolean isSecret(String name) {
      return name.toLowerCase(Locale.ROOT).contains("password");
    }

    @Override
    public Optional<String> fault(String name, String value) {
      return value.equals("high") ? Optional.of("expected low, found high") : Optional.empty();
    }
  }
}
