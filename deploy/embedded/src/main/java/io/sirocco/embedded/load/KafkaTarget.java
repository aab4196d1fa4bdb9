package io.sirocco.embedded.load;

import io.sirocco.client.ChatFailedException;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyTopicMode;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SiroccoException;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks straight through Kafka.
 *
 * <p>Thread-safe.
 */
public final class KafkaTarget implements Target {
  private final SiroccoClient client;
  private final SubmitOptions options;

  /**
   * @param kafka {@code bootstrap.servers} and what else Kafka's clients need
   * @param user who asks; null: nobody
   * @param readers how many are expected to ask at once
   */
  public KafkaTarget(Map<String, String> kafka, @Nullable String user, int readers) {
    options = SubmitOptions.builder().user(user).build();
    client =
        SiroccoClient.connect(ClientSettings.builder(kafka.getOrDefault("bootstrap.servers", ""))
            .kafkaProperties(kafka)
            .clientName("bench")
            .replyTopics(ReplyTopicMode.POOL)
            .readyTopics(readers + 2)
            .refillAt(1)
            .build());
  }

  @Override
  public void ask(ChatRequest request, Reading reading) {
    try {
      client.submit(request, options).forEach(reading::chunk);
      reading.end();
    } catch (ChatFailedException e) {
      reading.fail(e.body().error().code());
    } catch (SiroccoException e) {
      reading.fail(e.getClass().getSimpleName());
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
