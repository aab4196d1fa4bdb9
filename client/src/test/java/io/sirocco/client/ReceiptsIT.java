package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.Receipt;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.testkit.TestTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client that read an answer leaves for those who look at the bill. */
@Timeout(180)
@OnEmbeddedKafka
class ReceiptsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String REQUESTS = Topics.requests("receipts");

  @Test
  void closeLeavesAReceiptOfEachAnswerThatWasReadUnlessSwitchedOff(KafkaBroker broker)
      throws Exception {
    try (TestTopics topics = new TestTopics(broker)) {
      topics.create(REQUESTS, 1);
      try (EchoWorker worker =
          EchoWorker.start(broker.bootstrapServers(), REQUESTS, EchoWorker.ECHO)) {
        ask(broker, true, "before"); // Nobody counts usage yet: there is no such topic.
        topics.create(Topics.RECEIPTS, 1);
        ask(broker, false, "off");
        ask(broker, true, "on");
        assertThat(worker.requests()).hasSize(3);
      }
      assertThat(receipts(broker)).singleElement().satisfies(receipt -> {
        assertThat(receipt.user()).isEqualTo("ann");
        assertThat(receipt.requestId()).isEqualTo("on");
        assertThat(receipt.outcome()).isEqualTo("stop");
        assertThat(receipt.replyTopic()).startsWith("chat.replies.");
      });
    }
  }

  private static void ask(KafkaBroker broker, boolean receipts, String id) {
    ClientSettings settings = ClientSettings.builder(broker.bootstrapServers())
        .requestTopic(REQUESTS)
        .receipts(receipts)
        .build();
    ChatRequest request =
        ChatRequest.builder().message(ChatMessage.user("to be read")).build();
    try (SiroccoClient client = SiroccoClient.connect(settings)) {
      var unused = client
          .submit(request, SubmitOptions.builder().user("ann").requestId(id).build())
          .await(PATIENCE);
    }
  }

  private static List<Receipt> receipts(KafkaBroker broker) throws Exception {
    List<Receipt> receipts = new ArrayList<>();
    TopicPartition partition = new TopicPartition(Topics.RECEIPTS, 0);
    try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new StringDeserializer(),
        new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, byte[]> taken : consumer.poll(Duration.ofMillis(100))) {
          receipts.add(new JsonCodec().read(taken.value(), Receipt.class));
        }
      }
    }
    return receipts;
  }
}
