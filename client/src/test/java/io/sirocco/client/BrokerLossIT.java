package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client does when its broker goes away; each test has a broker of its own to stop. */
@Timeout(180)
class BrokerLossIT {
  private record Running(EmbeddedKafka kafka) implements KafkaBroker {
    @Override
    public String bootstrapServers() {
      return kafka.bootstrapServers();
    }

    @Override
    public void close() {
      kafka.close();
    }
  }

  private final KafkaBroker broker =
      new Running(EmbeddedKafka.start(EmbeddedKafkaSettings.defaults()));

  @AfterEach
  void stopBroker() {
    broker.close();
  }

  private ClientSettings.Builder settings() {
    return ClientSettings.builder(broker.bootstrapServers()).model("echo").readyTopics(2);
  }

  @Test
  void closeDoesNotHangWhenTheBrokerIsGone() {
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create("chat.requests.echo", 1);
    }
    SiroccoClient client =
        SiroccoClient.connect(settings().closeTimeout(Duration.ofSeconds(3)).build());
    ReplyStream open = client.submit(SubmitContract.ask("nobody answers"));
    broker.close();

    Instant before = Instant.now();
    client.close();

    assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(25));
    assertThatThrownBy(() -> open.iterator().hasNext()).isInstanceOf(ClientClosedException.class);
  }

  @Test
  void submitWithoutABrokerFailsInTime() {
    broker.close();
    ClientSettings settings = settings()
        .submitTimeout(Duration.ofSeconds(1))
        .closeTimeout(Duration.ofSeconds(1))
        .build();
    try (SiroccoClient client = SiroccoClient.connect(settings)) {
      assertThatThrownBy(
              () -> client.submit(SubmitContract.ask("hello")).iterator().hasNext())
          .isInstanceOf(SubmitFailedException.class)
          .hasMessageContaining("expected a reply topic within 1000 ms");
    }
  }
}
