package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.worker.app.ServedModel;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import io.sirocco.worker.engine.EngineLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A worker that cannot keep up. */
@OnEmbeddedKafka
class LagIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int REQUESTS = 6;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @Test
  void lagCountsWhatIsNotClosedAndSaysHowLongItWillTake(KafkaBroker broker) throws Exception {
    ServedModel demo = DemoModels.f32(1);
    ServedModel slow = new ServedModel(
        new PacedModel(demo.causalModel(), Duration.ofMillis(200)),
        demo.tokenizer(),
        demo.prompts(),
        demo.endIds());
    Worker worker = Worker.start(
        WorkerSettings.of(broker.bootstrapServers(), "lagging")
            .withPartitions(1)
            .withGrace(Duration.ZERO)
            .withLimits(EngineLimits.of(1)),
        slow,
        meters,
        fault -> {
          throw new AssertionError(fault);
        });
    try (worker;
        SiroccoClient client = SiroccoClient.connect(
            ClientSettings.builder(broker.bootstrapServers()).model("lagging").build())) {
      // What was asked before its partition had an owner is taken up four at a time.
      client.submit(goOn(1)).await(PATIENCE);
      List<ReplyStream> answers = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        answers.add(client.submit(goOn(900)));
      }

      await(() -> {
        assertThat(gauge("sirocco.lag.records")).isEqualTo(REQUESTS);
        assertThat(gauge("sirocco.lag.seconds")).isPositive();
        assertThat(gauge("sirocco.num.requests.running")).isOne();
        assertThat(gauge("sirocco.batch.occupancy.perc")).isOne();
        assertThat(gauge("sirocco.num.requests.waiting")).isEqualTo(REQUESTS - 1);
      });
      answers.forEach(answer -> answer.cancel().join());
      await(() -> {
        assertThat(gauge("sirocco.lag.records")).isZero();
        assertThat(gauge("sirocco.lag.seconds")).isZero();
      });
      assertThat(meters
              .get("sirocco.request.failure")
              .tag("error_type", "cancelled")
              .counter()
              .count())
          .isEqualTo(REQUESTS);
    }
    assertThat(meters.getMeters())
        .noneMatch(meter -> meter.getId().getName().startsWith("sirocco."));
  }

  private static ChatRequest goOn(int tokens) {
    return ChatRequest.builder()
        .message(ChatMessage.user("Go on and on"))
        .extra("ignore_eos", true)
        .maxCompletionTokens(tokens)
        .build();
  }

  private static void await(Runnable claims) {
    Awaitility.await().atMost(PATIENCE).untilAsserted(claims::run);
  }

  private double gauge(String name) {
    return meters.get(name).tag("model_name", "lagging").gauge().value();
  }
}
