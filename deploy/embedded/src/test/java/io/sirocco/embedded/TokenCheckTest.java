package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.settings.InvalidSettingsException;
import io.sirocco.settings.SettingSources;
import io.sirocco.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokenCheckTest {
  @Test
  void addressOfOthersWantsAToken() {
    assertThatThrownBy(() -> load(Map.of("streams.http.host", "0.0.0.0")))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("expected streams.http.token where other machines can ask");
  }

  @Test
  void thisMachineNeedsNone() throws Exception {
    assertThat(load(Map.of()).get(StreamsKeys.HTTP_HOST)).isEqualTo("127.0.0.1");
    assertThat(load(Map.of("streams.http.host", "0.0.0.0", "streams.http.token", "s3cret"))
            .lines())
        .anyMatch(line -> line.startsWith("streams.http.token="))
        .noneMatch(line -> line.contains("s3cret"));
  }

  private static Settings load(Map<String, String> given) throws Exception {
    Map<String, String> options = new HashMap<>(given);
    options.put("kafka.bootstrap.servers", "localhost:9092");
    return RoleSettings.loader()
        .load(new SettingSources(Optional.empty(), Map.of(), options), StreamsKeys.GROUPS);
  }
}
