package io.sirocco.embedded;

import io.sirocco.settings.EnvironmentNames;
import io.sirocco.settings.PassThrough;
import io.sirocco.settings.Presence;
import io.sirocco.settings.Setting;
import io.sirocco.settings.SettingGroup;
import java.util.List;

/**
 * Writes the settings of some groups down, as Markdown.
 *
 * <p>Immutable.
 */
record SettingsDocument(List<SettingGroup> groups) {
  private static final String INTRODUCTION = """
      # Settings

      Generated from the code, and held against it by `SettingsDocumentTest`.

      A role (`deploy/sirocco worker`) takes its settings from four places. Each wins over those before it:

      1. the default;
      2. a file, `--config FILE`: properties, or YAML if its name ends in `.yaml` or `.yml`. One file can serve several roles;
      3. the environment: the variable of `worker.inbox-capacity` is `SIROCCO_WORKER_INBOX_CAPACITY`, upper case and with an underscore for every other character;
      4. the command line: `--set worker.inbox-capacity=32`, and the options that `--help` names, such as `--bootstrap-server`.

      A name that is not known, in any of these places, and a value that is wrong stop the start with exit code 2. All mistakes are listed at once, each with the place where it was made.
      What holds in the end is logged once at the start, with secrets masked.

      In a file, `${NAME}` stands for the environment variable `NAME` or for another setting, and `$$` for a `$`. So a file needs no secret in it: `kafka.ssl.key.password=${KEY_PASSWORD}`.
      On a command line, secrets can be seen by all users of a machine.

      """;

  private static final String ENDING = """
      ## Ending a role

      SIGTERM, Ctrl-C and a closed terminal drain: nothing new is taken, what is in progress is finished within the role's grace, offsets are committed, the consumer group is left. A second signal ends the process at once; other workers answer what was in progress after the group has noticed.

      | exit code | |
      |---|---|
      | 0 | drained after SIGTERM |
      | 1 | no broker answered within `start-timeout`, or the brokers refused; draining hung |
      | 2 | wrong settings, a missing file, a model folder that cannot be served |
      | 70 | a fault that the role cannot survive: start it anew |
      | 130, 129 | drained after Ctrl-C, or after the terminal was closed |
      | 130, 143, 129 | ended at once by a second signal |

      A broker that goes away while a role runs ends nothing: it is logged once, and once more when it is back.
      """;

  String text() {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    groups.forEach(group -> write(group, text));
    return text.append(ENDING).toString();
  }

  private static void write(SettingGroup group, StringBuilder text) {
    text.append("## ").append(group.title()).append("\n\n");
    text.append("| setting | value | default | |\n|---|---|---|---|\n");
    for (Setting<?> setting : group.settings()) {
      text.append("| `%s`<br>`%s` | %s | %s | %s |%n"
          .formatted(
              setting.name(),
              EnvironmentNames.variable(setting.name()),
              setting.type().expected(),
              fallback(setting),
              setting.description() + (setting.secret() ? " Secret." : "")));
    }
    text.append('\n');
    for (PassThrough properties : group.passThroughs()) {
      text.append("`%s*`: %s%n%n".formatted(properties.prefix(), properties.description()));
    }
  }

  private static String fallback(Setting<?> setting) {
    if (setting.presence() instanceof Presence.Defaulted value) {
      return value.text().isEmpty() ? "none" : "`" + value.text() + "`";
    }
    return setting.presence() instanceof Presence.Open open ? open.meaning() : "**required**";
  }
}
