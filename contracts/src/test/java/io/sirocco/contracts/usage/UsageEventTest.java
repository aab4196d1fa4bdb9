package io.sirocco.contracts.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.GoldenJson;
import io.sirocco.contracts.json.JsonCodec;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsageEventTest {
  private static final String GOLDEN = GoldenJson.v1("usage-event");

  private final JsonCodec codec = new JsonCodec();

  @Test
  void idIsThatOfTheRecordWhateverTheAttemptSays() throws Exception {
    UsageEvent event = codec.read(GOLDEN, UsageEvent.class);
    UsageEvent laterAttempt =
        codec.read(GOLDEN.replace("1754000001250", "1754000009999"), UsageEvent.class);

    assertThat(event.id()).isEqualTo("chat.requests.breeze-7b/3/42");
    assertThat(laterAttempt.id()).isEqualTo(event.id());
  }

  @Test
  void reuseOfARequestIdIsAnotherEvent() throws Exception {
    UsageEvent event = codec.read(GOLDEN, UsageEvent.class);
    UsageEvent reuse = codec.read(GOLDEN.replace(":42,", ":43,"), UsageEvent.class);

    assertThat(reuse.requestId()).isEqualTo(event.requestId());
    assertThat(reuse.id()).isNotEqualTo(event.id());
  }

  @Test
  void headersMakeItACloudEvent() throws Exception {
    assertThat(codec.read(GOLDEN, UsageEvent.class).headers())
        .isEqualTo(Map.of(
            "ce_specversion", "1.0",
            "ce_id", "chat.requests.breeze-7b/3/42",
            "ce_source", "/sirocco/worker",
            "ce_type", "io.sirocco.usage.v1",
            "ce_subject", "u-17",
            "ce_time", "2025-07-31T22:13:21.250Z",
            "content-type", "application/json"));
  }

  @Test
  void onlyACompleteAnswerIsNoFailure() throws Exception {
    assertThat(outcome("stop").failed()).isFalse();
    assertThat(outcome("length").failed()).isFalse();
    assertThat(outcome("server_error").failed()).isTrue();
    assertThat(outcome("cancelled").failed()).isTrue();
  }

  private UsageEvent outcome(String outcome) throws Exception {
    return codec.read(GOLDEN.replace("\"stop\"", "\"" + outcome + "\""), UsageEvent.class);
  }
}
