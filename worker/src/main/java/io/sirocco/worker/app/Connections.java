package io.sirocco.worker.app;

import io.sirocco.contracts.topic.Topics;
import io.sirocco.worker.announce.ModelAnnouncer;
import io.sirocco.worker.announce.ModelTopic;
import io.sirocco.worker.control.ControlTopic;
import io.sirocco.worker.intake.GroupCheck;
import io.sirocco.worker.intake.GroupSession;
import io.sirocco.worker.intake.RequestTopics;
import io.sirocco.worker.reply.RenewedConsumer;
import io.sirocco.worker.reply.RenewedProducer;
import io.sirocco.worker.streams.StreamTopic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a worker has open to Kafka besides the intake's consumer.
 *
 * <p>Immutable; the announcer is confined to the thread that starts and closes the worker, and the
 * log consumers to that which reads reply logs.
 *
 * @param workerId unique to one run of a worker
 * @param session how the worker is a member of its group
 */
record Connections(
    String workerId,
    KafkaClients clients,
    Admin admin,
    GroupSession session,
    Producer<String, byte[]> producer,
    RenewedConsumer logConsumers,
    ModelAnnouncer announcer) {
  private static final Logger log = LoggerFactory.getLogger(Connections.class);
  private static final Duration END = Duration.ofSeconds(5);

  /** Each takes some 10 KiB in a client that has written to it or read it, for as long as that lives. */
  private static final int MOST_TOPICS = 500;

  /**
   * Connects, and makes the worker's topics if they do not exist.
   *
   * @throws KafkaException when the brokers cannot be reached or refuse the topics; nothing is left
   *     open
   */
  static Connections open(WorkerSettings settings) throws InterruptedException {
    KafkaClients clients = new KafkaClients(settings);
    Admin admin = clients.admin();
    try {
      new RequestTopics(settings.partitions()).ensure(admin, settings.requestTopic());
      ModelTopic.ensure(admin);
      StreamTopic.ensure(admin);
      ControlTopic.ensure(admin);
      GroupSession session = session(admin, settings);
      String workerId = UUID.randomUUID().toString();
      Producer<String, byte[]> producer = new RenewedProducer(clients::replyProducer, MOST_TOPICS);
      ModelAnnouncer announcer = new ModelAnnouncer(
          producer, settings.names(), settings.isDefault(), workerId, InstantSource.system());
      RenewedConsumer logConsumers = new RenewedConsumer(clients::replyLogConsumer, MOST_TOPICS);
      return new Connections(workerId, clients, admin, session, producer, logConsumers, announcer);
    } catch (RuntimeException | InterruptedException e) {
      admin.close();
      throw e;
    }
  }

  private static GroupSession session(Admin admin, WorkerSettings settings)
      throws InterruptedException {
    GroupCheck check = new GroupCheck(admin, Topics.workerGroup(settings.requestTopic()));
    GroupSession session = check.session(settings.groupProtocol());
    check.warning(session).ifPresent(log::warn);
    return session;
  }

  /** Withdraws what would not be true any more, and closes everything. */
  void close() {
    try {
      announcer.withdraw();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(END); // Records for a topic that vanished would be waited for for minutes.
    logConsumers.close();
    admin.close(END);
  }
}
