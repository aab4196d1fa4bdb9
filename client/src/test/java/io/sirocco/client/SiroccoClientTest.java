package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.request.ReplyHandle;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.topic.Topics;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

/** What a request takes, and what becomes of it, over Kafka's own in-memory producer. */
class SiroccoClientTest {
  private static final ReplyAddress ADDRESS = ReplyAddress.singleUse("chat.replies.test.1");

  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final LeaseLog topics = new LeaseLog();
  private final SiroccoClient client = new SiroccoClient(
      ClientSettings.builder("127.0.0.1:9092")
          .requestTopic("chat.requests.echo")
          .build(),
      new Connections(
          producer,
          new ReplyHub(() -> new MockConsumer<>("none"), "hub"),
          topics,
          unusedAdmin(),
          new ModelDirectory(() -> new MockConsumer<>("none"), "models", Duration.ofSeconds(1)),
          new LateReaders(() -> new MockConsumer<>("none"), "late", unusedAdmin()),
          new StreamFinder(
              () -> new MockConsumer<>("none"), new JsonCodec(), Duration.ofDays(1), 10),
          new StreamListings(producer, unusedAdmin(), new JsonCodec()),
          new ReceiptWriter(producer, topic -> false, new JsonCodec(), "receipts")),
      Runnable::run,
      InstantSource.fixed(Instant.ofEpochMilli(1_754_000_000_123L)),
      () -> "id-1");

  @Test
  void metricsAreThoseOfKafkasClients() {
    MetricName name = new MetricName("record-send-total", "producer-metrics", "", Map.of());
    Metric metric = new KafkaMetric(
        new Object(), name, (Gauge<Double>) (config, now) -> 7.0, new MetricConfig(), Time.SYSTEM);
    producer.setMockMetrics(name, metric);

    assertThat(client.metrics()).containsExactly(Map.entry(name, metric));
  }

  @Test
  void requestThatCannotBeWrittenTakesNothing() {
    List<Object> knot = new ArrayList<>();
    knot.add(knot);
    ChatRequest request = ChatRequest.builder()
        .message(ChatMessage.user("hello"))
        .extra("whim", knot)
        .build();

    assertThatThrownBy(() -> client.submit(request))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("expected a value that can be written as JSON");
    assertThat(topics.leased).isZero();
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void topicOfARequestThatTheProducerFailedOnIsGivenBack() {
    producer.sendException = new IllegalArgumentException("an interceptor failed");

    ReplyStream answer =
        client.submit(ChatRequest.builder().message(ChatMessage.user("hello")).build());

    assertThatThrownBy(() -> answer.await(Duration.ZERO))
        .isInstanceOf(SubmitFailedException.class)
        .hasMessageContaining("an interceptor failed");
    assertThat(topics.leased).isOne();
    assertThat(topics.retired).containsExactly(new Delivery.NotSent());
  }

  @Test
  void cancelIsWrittenUnderTheUserAndTheId() {
    ReplyStream answer = client.submit(
        ChatRequest.builder().message(ChatMessage.user("hello")).user("u-17").build());
    CompletableFuture<Void> written = answer.cancel();
    assertThat(written).isNotDone();
    producer.completeNext();
    producer.completeNext();

    assertThat(written).isCompleted();
    ProducerRecord<byte[], byte[]> control = producer.history().get(1);
    assertThat(control.topic()).isEqualTo(Topics.CONTROL);
    assertThat(control.key()).asString().isEqualTo("{\"user\":\"u-17\",\"request_id\":\"id-1\"}");
    assertThat(control.value())
        .asString()
        .isEqualTo("{\"command\":\"cancel\",\"issued_ms\":1754000000123}");
  }

  @Test
  void cancelThatCannotBeWrittenSaysSo() {
    CompletableFuture<Void> written = client.cancel(RequestKey.ofAnyUser("r-1"));
    producer.errorNext(new TimeoutException("no such topic"));

    assertThatThrownBy(written::join)
        .cause()
        .isInstanceOf(SubmitFailedException.class)
        .hasMessageContaining("request r-1")
        .hasMessageContaining("no such topic");
  }

  @Test
  void handleSaysWhereTheAnswerIs() {
    ReplyStream answer =
        client.submit(ChatRequest.builder().message(ChatMessage.user("hello")).build());

    assertThat(answer.handle())
        .isEqualTo(new ReplyHandle("anonymous", "id-1", ADDRESS.topic(), 0, 0));
  }

  private static ReplyTopicAdmin unusedAdmin() {
    Admin admin = (Admin) Proxy.newProxyInstance(
        Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
          throw new AssertionError("expected no call of the admin client, found " + method);
        });
    return new ReplyTopicAdmin(admin, (short) 1, Duration.ofDays(1));
  }

  /** Counts what is taken, and keeps what is given back. */
  private static final class LeaseLog implements ReplyTopics {
    private final List<Delivery> retired = new ArrayList<>();
    private int leased;

    @Override
    public ReplyAddress lease() {
      leased++;
      return ADDRESS;
    }

    @Override
    public void answered(ReplyAddress address) {}

    @Override
    public void retire(ReplyAddress address, Delivery delivery) {
      retired.add(delivery);
    }

    @Override
    public void close(Deadline deadline) {}
  }
}
