package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.settings.InvalidSettingsException;
import io.sirocco.settings.SettingSources;
import io.sirocco.settings.Settings;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamsRoleTest {
  @Test
  void standbyReplicasReachKafkaStreams() throws Exception {
    assertThat(standbys(Map.of("streams.standby-replicas", "2"))).isEqualTo("2");
  }

  @Test
  void thereAreNoneUnlessTheyAreAskedFor() throws Exception {
    assertThat(standbys(Map.of())).isEqualTo("0");
  }

  private static String standbys(Map<String, String> more)
      throws InvalidSettingsException, IOException {
    Map<String, String> options = new HashMap<>(more);
    options.put("kafka.bootstrap.servers", "localhost:9092");
    Settings settings = RoleSettings.loader()
        .load(new SettingSources(Optional.empty(), Map.of(), options), StreamsKeys.GROUPS);

    return StreamsRole.usage(settings, Map.of())
        .clientProperties()
        .getOrDefault("num.standby.replicas", "none");
  }
}
