package io.sirocco.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.model.ModelAnnouncement;
import io.sirocco.contracts.model.ModelState;
import io.sirocco.contracts.topic.Topics;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Announcements as a worker writes them. */
final class Announcements {
  private Announcements() {}

  static ModelAnnouncement ready(String name, String... aliases) {
    return announce(name, false, aliases);
  }

  static ModelAnnouncement readyDefault(String name) {
    return announce(name, true);
  }

  static byte[] value(ModelAnnouncement announcement) {
    return new JsonCodec().writeBytes(announcement);
  }

  static ProducerRecord<byte[], byte[]> toRecord(ModelAnnouncement announcement) {
    return new ProducerRecord<>(
        Topics.MODELS, announcement.key().getBytes(UTF_8), value(announcement));
  }

  private static ModelAnnouncement announce(String name, boolean isDefault, String... aliases) {
    return new ModelAnnouncement(
        name,
        List.of(aliases),
        Topics.requests(name),
        1024,
        ModelState.READY,
        isDefault,
        "worker",
        7);
  }
}
