package io.sirocco.worker.pricing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.PriceList;
import io.sirocco.worker.follow.FollowedTopic;
import io.sirocco.worker.follow.TopicFollower;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The follower on Kafka's own test consumer; the test says what the brokers have. */
class PriceFollowerTest {
  private static final TopicPartition PARTITION = new TopicPartition(Topics.PRICES, 0);
  private static final long NOW = 1_795_000_000_000L;
  private static final FollowedTopic FIRST = new FollowedTopic(Topics.PRICES, new Uuid(1, 1), 1);
  private static final FollowedTopic MADE_AGAIN =
      new FollowedTopic(Topics.PRICES, new Uuid(1, 2), 1);

  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  private final ModelPrices prices = new ModelPrices(() -> Instant.ofEpochMilli(NOW));
  private final List<ConsumerRecord<String, byte[]>> written = new ArrayList<>();
  private Optional<FollowedTopic> topic = Optional.of(FIRST);
  private @Nullable KafkaException fault;
  private final TopicFollower follower =
      new TopicFollower(this::look, consumer, new PriceRecords("demo", prices), "no costs");

  @BeforeEach
  void topicIsEmpty() {
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, 0L));
  }

  @Test
  void lastRecordOfTheModelCounts() throws Exception {
    write(0, "demo", list("demo", "1", NOW - 5));
    write(1, "other", list("other", "7", NOW - 5));
    write(2, "demo", list("demo", "2", NOW - 5));
    step();
    assertThat(cost()).isEqualByComparingTo("2");

    write(3, "demo", list("demo", "3", NOW - 5));
    step();
    assertThat(cost()).isEqualByComparingTo("3");
  }

  @Test
  void priceThatBeginsLaterDoesNotApplyYet() throws Exception {
    write(0, "demo", list("demo", "1", NOW + 1));
    step();

    assertThat(cost()).isNull();
  }

  @Test
  void nothingIsKnownBeforeAllIsRead() throws Exception {
    write(0, "demo", list("demo", "1", NOW - 5));
    consumer.updateEndOffsets(Map.of(PARTITION, 2L));
    step();
    assertThat(cost()).isNull();

    write(1, "demo", list("demo", "2", NOW - 5));
    step();
    assertThat(cost()).isEqualByComparingTo("2");
  }

  @Test
  void tombstoneEndsThePrices() throws Exception {
    write(0, "demo", list("demo", "1", NOW - 5));
    step();
    write(1, "demo", null);
    step();

    assertThat(cost()).isNull();
  }

  @Test
  void recordThatCannotBeReadPricesNothingUntilTheNext() throws Exception {
    write(0, "demo", list("demo", "1", NOW - 5));
    write(1, "demo", "{\"prices\":[]}".getBytes(UTF_8));
    step();
    assertThat(cost()).isNull();

    write(2, "demo", list("demo", "2", NOW - 5));
    write(3, "demo", list("other", "7", NOW - 5));
    step();
    assertThat(cost()).isNull();

    write(4, "demo", list("demo", "3", NOW - 5));
    step();
    assertThat(cost()).isEqualByComparingTo("3");
  }

  @Test
  void topicThatIsMissingIsFollowedWhenItAppears() throws Exception {
    topic = Optional.empty();
    assertThat(step()).isFalse();
    assertThat(consumer.assignment()).isEmpty();

    topic = Optional.of(FIRST);
    write(0, "demo", list("demo", "1", NOW - 5));
    assertThat(step()).isTrue();
    assertThat(cost()).isEqualByComparingTo("1");
  }

  @Test
  void topicThatIsDeletedTakesItsPricesAlong() throws Exception {
    write(0, "demo", list("demo", "1", NOW - 5));
    step();
    topic = Optional.empty();
    step();

    assertThat(cost()).isNull();
    assertThat(consumer.assignment()).isEmpty();
  }

  @Test
  void topicThatIsMadeAgainIsReadFromItsBeginning() throws Exception {
    write(0, "demo", list("demo", "1", NOW - 5));
    step();
    topic = Optional.of(MADE_AGAIN);
    write(0, "demo", list("demo", "2", NOW - 5));
    step();

    assertThat(cost()).isEqualByComparingTo("2");
  }

  @Test
  void pricesOutliveBrokersThatAreAway() throws Exception {
    write(0, "demo", list("demo", "1", NOW - 5));
    step();
    fault = new TimeoutException("nobody answers");
    assertThat(step()).isFalse();
    assertThat(cost()).isEqualByComparingTo("1");

    fault = null;
    write(1, "demo", list("demo", "2", NOW - 5));
    step();
    assertThat(cost()).isEqualByComparingTo("2");
  }

  @Test
  void withoutTheRightToReadThereIsNoPriceUntilItIsGiven() throws Exception {
    write(0, "demo", list("demo", "1", NOW - 5));
    step();
    consumer.setPollException(new TopicAuthorizationException(Set.of(Topics.PRICES)));
    assertThat(step()).isFalse();
    assertThat(cost()).isNull();

    write(0, "demo", list("demo", "2", NOW - 5));
    step();
    assertThat(cost()).isEqualByComparingTo("2");
  }

  private Optional<FollowedTopic> look() {
    if (fault != null) {
      throw fault;
    }
    return topic;
  }

  /** What a prompt of a million tokens costs. */
  private @Nullable BigDecimal cost() {
    return prices.cost(1_000_000, 0, 0);
  }

  /** The brokers have a record more, which is polled in the next step. */
  private void write(long offset, String key, byte @Nullable [] value) {
    consumer.updateEndOffsets(Map.of(PARTITION, offset + 1));
    written.add(new ConsumerRecord<>(Topics.PRICES, 0, offset, key, value));
  }

  private boolean step() throws InterruptedException {
    consumer.schedulePollTask(() -> {
      written.forEach(consumer::addRecord);
      written.clear();
    });
    return follower.step(Duration.ZERO);
  }

  private static byte[] list(String model, String perMillion, long from) {
    Decimal each = Decimal.of(perMillion);
    Price price = new Price(model, each, each, each, "USD", from);
    return new JsonCodec().writeBytes(new PriceList(List.of(price)));
  }
}
