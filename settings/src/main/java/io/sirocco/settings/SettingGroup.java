package io.sirocco.settings;

import java.util.List;

/**
 * The settings of one role, or those that all roles share.
 *
 * <p>Immutable.
 *
 * @param title how the documentation calls the group
 * @param settings in the order in which they are documented
 * @param passThroughs properties that are handed on
 * @param checks what must hold between several settings
 */
public record SettingGroup(
    String title,
    List<Setting<?>> settings,
    List<PassThrough> passThroughs,
    List<SettingsCheck> checks) {

  public SettingGroup {
    settings = List.copyOf(settings);
    passThroughs = List.copyOf(passThroughs);
    checks = List.copyOf(checks);
  }
}
