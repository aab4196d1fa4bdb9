package io.sirocco.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class RenewedProducerTest {
  private final List<MockProducer<String, byte[]>> connected = new CopyOnWriteArrayList<>();
  private final RenewedProducer producer = new RenewedProducer(this::connect, 2);
  private int topics;

  private Producer<String, byte[]> connect() {
    MockProducer<String, byte[]> made =
        new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
    connected.add(made);
    return made;
  }

  @Test
  void afterSoManyTopicsAnotherProducerTakesOver() {
    send("a");
    send("b");
    send("b");

    assertThat(connected).hasSize(1);

    renew();

    assertThat(sent(0)).startsWith("a", "b", "b");
    assertThat(sent(1)).hasSize(1);
  }

  @Test
  void aTopicStaysWithItsProducerUntilTheNextButOne() {
    send("a");
    connected.get(0).completeNext();
    renew();
    send("a");

    assertThat(sent(0)).endsWith("a");
    assertThat(connected.get(0).closed()).isFalse();

    finish(0);
    renew();
    send("a");

    assertThat(sent(0).stream().filter("a"::equals)).hasSize(2);
    assertThat(sent(2)).contains("a");
    await().untilAsserted(() -> assertThat(connected.get(0).closed()).isTrue());
  }

  @Test
  void whatIsUnderWayToATopicIsNotOvertaken() {
    send("a");
    renew();
    renew();
    send("a");

    assertThat(sent(0).stream().filter("a"::equals)).hasSize(2);
    assertThat(connected.get(0).closed()).isFalse();

    finish(0);
    send("a");

    assertThat(sent(2)).contains("a");
    await().untilAsserted(() -> assertThat(connected.get(0).closed()).isTrue());
  }

  @Test
  void aRecordThatCannotBeSentIsNotUnderWay() {
    connected.get(0).sendException = new KafkaException("cannot be sent");

    assertThatThrownBy(() -> send("a")).isInstanceOf(KafkaException.class);

    connected.get(0).sendException = null;
    renew();
    finish(0);
    renew();
    await().untilAsserted(() -> assertThat(connected.get(0).closed()).isTrue());
  }

  @Test
  void allAreClosedTogether() {
    send("a");
    renew();
    renew();

    producer.close(Duration.ofSeconds(1));

    assertThat(connected).hasSize(3).allMatch(MockProducer::closed);
  }

  /** Writes to ever new topics until another producer has the last of them. */
  private void renew() {
    int before = connected.size();
    await().pollInterval(Duration.ofMillis(5)).until(() -> {
      send("new-" + topics++);
      return connected.size() > before && !sent(before).isEmpty();
    });
  }

  private void finish(int number) {
    while (connected.get(number).completeNext()) {
      // Until nothing is under way.
    }
  }

  private void send(String topic) {
    var unused = producer.send(new ProducerRecord<>(topic, 0, "id", new byte[1]));
  }

  private List<String> sent(int number) {
    return connected.get(number).history().stream().map(ProducerRecord::topic).toList();
  }
}
