package io.sirocco.streams.reprice;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.contracts.usage.Correction;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.streams.pricing.CostCalculator;
import io.sirocco.streams.pricing.PriceBook;
import io.sirocco.streams.topic.PriceReader;
import io.sirocco.streams.topic.UsageReader;
import io.sirocco.streams.topic.WriterProperties;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Runs history again under the prices that are set now.
 *
 * <p>What a plan says can be written in part, again, or by two at once: of the corrections of an hour
 * with one number the first one counts. So a run that was killed is simply begun anew.
 *
 * <p>Thread-safe.
 */
public final class Repricing {
  private final Map<String, String> clientProperties;
  private final UsageHistory history;
  private final InstantSource clock;
  private final JsonCodec codec = new JsonCodec();

  /**
   * @param clientProperties {@code bootstrap.servers} and what else Kafka's clients need
   * @param grace how late events may come, as the usage application has it
   * @param clock says when a correction was decided
   */
  public Repricing(Map<String, String> clientProperties, Duration grace, InstantSource clock) {
    this.clientProperties = Map.copyOf(clientProperties);
    this.history = new UsageHistory(clientProperties, grace);
    this.clock = clock;
  }

  /**
   * Returns what is to be corrected; writes nothing.
   *
   * @param limit how long each exchange with Kafka may take
   * @throws KafkaException when Kafka does not answer in time
   */
  public RepricePlan plan(HourRange range, Duration limit) {
    CostCalculator costs =
        new CostCalculator(PriceBook.of(new PriceReader(clientProperties).read(limit)));
    Map<UsageKey, UsageTotals> again = history.read(range, costs, limit);
    return RepricePlan.of(
        range, new UsageReader(clientProperties).read(limit), again, clock.millis());
  }

  /**
   * Writes corrections; returns when all are acknowledged.
   *
   * @throws KafkaException when one could not be written; then a new plan says what is left
   */
  public void write(List<Correction> corrections, Duration limit) {
    if (corrections.isEmpty()) {
      return;
    }
    try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
        WriterProperties.of(clientProperties, limit),
        new ByteArraySerializer(),
        new ByteArraySerializer())) {
      List<Future<RecordMetadata>> written = new ArrayList<>();
      for (Correction correction : corrections) {
        written.add(producer.send(kafkaRecord(correction)));
      }
      for (Future<RecordMetadata> one : written) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new KafkaException("a correction could not be written", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while writing corrections", e);
    }
  }

  private ProducerRecord<byte[], byte[]> kafkaRecord(Correction correction) {
    ProducerRecord<byte[], byte[]> kafkaRecord = new ProducerRecord<>(
        Topics.CORRECTIONS, correction.user().getBytes(UTF_8), codec.writeBytes(correction));
    correction
        .headers()
        .forEach((name, value) -> kafkaRecord.headers().add(name, value.getBytes(UTF_8)));
    return kafkaRecord;
  }
}
