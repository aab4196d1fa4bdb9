package io.sirocco.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class KafkaReplyWriterTest {
  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(false, null, new StringSerializer(), new ByteArraySerializer());
  private final KafkaReplyWriter writer = new KafkaReplyWriter(nobody(), producer, false, 100);

  @Test
  void thereIsNoRoomWhileTooMuchIsUnacknowledged() {
    send(60);
    assertThat(writer.hasRoom()).isTrue();
    send(60);
    assertThat(writer.hasRoom()).isFalse();

    producer.completeNext();
    assertThat(writer.hasRoom()).isTrue();
  }

  @Test
  void whatFailedTakesNoRoom() {
    send(200);
    assertThat(writer.hasRoom()).isFalse();

    producer.errorNext(new TimeoutException());

    assertThat(writer.hasRoom()).isTrue();
  }

  /** As that which gives a request up. */
  @Test
  void aRecordWithoutAValueIsWritten() {
    CompletableFuture<Long> written =
        writer.send(new ProducerRecord<>("replies", 0, "id", null)).toCompletableFuture();
    producer.completeNext();

    assertThat(written).isCompleted();
    assertThat(producer.history()).hasSize(1);
  }

  /** Sending asks nobody. */
  private static Admin nobody() {
    return (Admin) Proxy.newProxyInstance(
        Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
          throw new AssertionError("expected no call of " + method);
        });
  }

  private void send(int bytes) {
    var unused = writer.send(new ProducerRecord<>("replies", 0, "id", new byte[bytes]));
  }
}
