package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.settings.InvalidSettingsException;
import io.sirocco.settings.SettingSources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayKeysTest {
  private static final String KEYS = "{\"keys\": [{\"sha256\": \"%s\", \"user\": \"ann\"}]}";

  @TempDir
  private Path folder;

  @Test
  void aListOfKeysIsTaken() throws Exception {
    Path file = Files.writeString(folder.resolve("keys.json"), KEYS.formatted("00".repeat(32)));

    read(Map.of("gateway.host", "0.0.0.0", "gateway.key-file", file.toString()));
  }

  @Test
  void aFileThatIsNoListOfKeysIsAMistake() throws Exception {
    Path file = Files.writeString(folder.resolve("keys.json"), "{");

    assertThatThrownBy(() -> read(Map.of("gateway.key-file", file.toString())))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("gateway.key-file")
        .hasMessageContaining("expected a list of API keys");
  }

  @Test
  void aFileThatIsNotThereIsAMistake() {
    assertThatThrownBy(() -> read(Map.of("gateway.key-file", folder + "/none.json")))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("gateway.key-file")
        .hasMessageContaining("none.json");
  }

  @Test
  void otherMachinesNeedKeys() {
    assertThatThrownBy(() -> read(Map.of("gateway.host", "0.0.0.0")))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("gateway.host");
  }

  private static void read(Map<String, String> more) throws Exception {
    Map<String, String> options = new HashMap<>(more);
    options.put("kafka.bootstrap.servers", "localhost:9092");
    assertThat(GatewayKeys.read(RoleSettings.loader()
            .load(new SettingSources(Optional.empty(), Map.of(), options), GatewayKeys.GROUPS)))
        .isNotNull();
  }
}
