import io.sirocco.contracts.reply.ReplyFold;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.contracts.topic.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.requestreply.AggregatingReplyingKafkaTemplate;

/**
 * Asks a model with Spring Kafka and nothing of Sirocco's client: one request, many records of
 * answer, of which those that count are told by the fold.
 */
public final class SpringChat {
  private static final String REPLIES = "chat.replies.shared";

  private final AggregatingReplyingKafkaTemplate<String, String, byte[]> template;

  /**
   * Starts to listen. The consumers' values are byte arrays; the type of the factory is as Spring
   * wants it.
   */
  public SpringChat(
      ProducerFactory<String, String> producers,
      ConsumerFactory<String, Collection<ConsumerRecord<String, byte[]>>> consumers) {
    ContainerProperties replies = new ContainerProperties(REPLIES);
    replies.setGroupId("spring-chat-" + UUID.randomUUID()); // Each instance reads all answers.
    replies.setAckMode(ContainerProperties.AckMode.MANUAL); // The template commits.
    template = new AggregatingReplyingKafkaTemplate<>(
        producers,
        new KafkaMessageListenerContainer<>(consumers, replies),
        (records, timedOut) -> !counted(records).isEmpty() && fold(records).terminal() != null);
    template.setSharedReplyTopic(true); // Answers of others are no error.
    template.setDefaultReplyTimeout(Duration.ofMinutes(1));
    template.afterPropertiesSet();
    template.start();
  }

  /** Returns the body of the record that ends the answer: a chat.completion, or an error. */
  public String ask(String model, String user, String messages) throws Exception {
    String id = UUID.randomUUID().toString();
    String body = "{\"stream\": false, \"messages\": " + messages + "}";
    ProducerRecord<String, String> request =
        new ProducerRecord<>("chat.requests." + model, id, body);
    // The template adds kafka_replyTopic and kafka_correlationId.
    request.headers().add(Headers.REQUEST_ID, id.getBytes(StandardCharsets.UTF_8));
    request.headers().add(Headers.USER, user.getBytes(StandardCharsets.UTF_8));
    request.headers().add(Headers.PROGRESS, "false".getBytes(StandardCharsets.UTF_8));
    Collection<ConsumerRecord<String, byte[]>> answer =
        template.sendAndReceive(request).get(1, TimeUnit.MINUTES).value();
    return fold(answer).terminal().body();
  }

  private static ReplyFold fold(Collection<ConsumerRecord<String, byte[]>> records) {
    List<ReplyRecord> counted = counted(records);
    ReplyFold fold = new ReplyFold(counted.get(0).requestId());
    counted.forEach(fold::accept);
    return fold;
  }

  private static List<ReplyRecord> counted(Collection<ConsumerRecord<String, byte[]>> records) {
    List<ReplyRecord> replies = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> one : records) {
      ReplyRecord reply = ReplyRecord.decode(
          one.offset(), one.timestamp(), name -> last(one, name), one.value());
      if (reply != null) {
        replies.add(reply);
      }
    }
    return replies;
  }

  private static byte[] last(ConsumerRecord<String, byte[]> one, String name) {
    Header header = one.headers().lastHeader(name);
    return header == null ? null : header.value();
  }
}
