package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.RawReply;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.GroupSessions;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import java.time.Duration;
import java.util.Iterator;
import org.junit.jupiter.api.Test;

/** What a worker measures that goes on with another's answer. */
@OnEmbeddedKafka
class TakeoverMetricsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int TOKENS = 120;

  @Test
  void anHeirCountsTheTakeoverAndTheTokensThatItWasSpared(KafkaBroker broker) throws Exception {
    SimpleMeterRegistry first = new SimpleMeterRegistry();
    SimpleMeterRegistry second = new SimpleMeterRegistry();
    GroupSessions.set(
        broker, Topics.workerGroup(Topics.requests("inherited")), Duration.ofSeconds(3));
    Worker dying = start(broker, first, Duration.ofMillis(250));
    try (SiroccoClient client = SiroccoClient.connect(
        ClientSettings.builder(broker.bootstrapServers()).model("inherited").build())) {
      ReplyStream answer = client.submit(ChatRequest.builder()
          .message(ChatMessage.user("Go on and on"))
          .temperature(0.0)
          .extra("ignore_eos", true)
          .maxCompletionTokens(TOKENS)
          .stream(true)
          .build());
      Iterator<RawReply> records = answer.records().within(PATIENCE).iterator();
      awaitDeltas(records, 5);
      assertThat(count(first, "sirocco.request.attempts")).isOne();
      assertThat(count(first, "sirocco.takeovers")).isZero();
      double promptTokens = count(first, "sirocco.prompt.tokens");
      assertThat(promptTokens).isPositive();
      dying.abort();

      try (Worker heir = start(broker, second, Duration.ZERO)) {
        records.forEachRemaining(record -> {});
        assertThat(heir.condition().unready()).isEmpty();
        assertThat(count(second, "sirocco.request.attempts")).isOne();
        assertThat(count(second, "sirocco.takeovers")).isOne();
        assertThat(count(second, "sirocco.resumed.tokens")).isBetween(5.0, TOKENS - 1.0);
        assertThat(count(second, "sirocco.resumed.tokens")
                + count(second, "sirocco.generation.tokens"))
            .isEqualTo(TOKENS);
        assertThat(count(second, "sirocco.prompt.tokens"))
            .as("a takeover costs one prefill, of the prompt and of what is in the log")
            .isEqualTo(promptTokens + count(second, "sirocco.resumed.tokens"));
        assertThat(second.get("sirocco.time.to.first.token").timer().count()).isZero();
      }
    }
  }

  private static Worker start(KafkaBroker broker, MeterRegistry registry, Duration step)
      throws Exception {
    ServedModel demo = DemoModels.f32(1);
    return Worker.start(
        WorkerSettings.of(broker.bootstrapServers(), "inherited")
            .withPartitions(1)
            .withGrace(Duration.ZERO),
        new ServedModel(
            new PacedModel(demo.causalModel(), step),
            demo.tokenizer(),
            demo.prompts(),
            demo.endIds()),
        registry,
        fault -> {
          throw new AssertionError(fault);
        });
  }

  private static void awaitDeltas(Iterator<RawReply> records, int count) {
    for (int deltas = 0; deltas < count; ) {
      deltas += records.next().reply().event() == ReplyEvent.DELTA ? 1 : 0;
    }
  }

  private static double count(MeterRegistry registry, String name) {
    return registry.get(name).counter().count();
  }
}
