package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.client.ClientSettings;
import io.sirocco.client.RawReply;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.reply.ReplyCheckpoint;
import io.sirocco.contracts.topic.Topics;
import io.sirocco.testkit.KafkaBroker;
import io.sirocco.testkit.OnEmbeddedKafka;
import io.sirocco.worker.app.Worker;
import io.sirocco.worker.app.WorkerSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Each of two workers has the conversations of its partitions in its cache. */
@OnEmbeddedKafka
class PrefixAffinityIT {
  private static final String MODEL = "affine";
  private static final int USERS = 8;
  private static final int PARTITIONS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What was answered, by which worker, and how. */
  private record Turn(String worker, String text, Usage usage) {}

  @Test
  void theSecondTurnOfAConversationFindsTheFirstInTheCacheOfItsWorker(KafkaBroker broker)
      throws Exception {
    Worker one = start(broker);
    Worker other = start(broker);
    try (SiroccoClient client = SiroccoClient.connect(
        ClientSettings.builder(broker.bootstrapServers()).model(MODEL).build())) {
      awaitBothHavePartitions(broker);
      Map<String, Turn> first = new HashMap<>();
      for (int user = 0; user < USERS; user++) {
        first.put("user-" + user, ask(client, "user-" + user, List.of(question("user-" + user))));
      }
      Set<String> workers = new HashSet<>();
      for (Map.Entry<String, Turn> each : first.entrySet()) {
        String user = each.getKey();
        Turn before = each.getValue();
        Turn after = ask(
            client,
            user,
            List.of(
                question(user),
                ChatMessage.assistant(before.text()),
                ChatMessage.user("And what else?")));

        assertThat(after.worker()).as(user).isEqualTo(before.worker());
        assertThat(cachedTokens(after)).as(user).isGreaterThan(cachedTokens(before));
        workers.add(after.worker());
      }
      assertThat(workers).hasSize(2);
    } finally {
      one.close();
      other.close();
    }
  }

  private static int cachedTokens(Turn turn) {
    return Objects.requireNonNull(turn.usage().promptTokensDetails()).cachedTokens();
  }

  private static ChatMessage question(String user) {
    return ChatMessage.user("I am " + user + ". What is the purpose of a consumer group?");
  }

  /** Asks without a key of its own: the user is the key. */
  private static Turn ask(SiroccoClient client, String user, List<ChatMessage> messages)
      throws Exception {
    ChatRequest.Builder request =
        ChatRequest.builder().user(user).temperature(0.0).maxCompletionTokens(8).stream(true);
    messages.forEach(request::message);
    ReplyCheckpoint answer = null;
    for (RawReply reply : client.submit(request.build()).records().within(PATIENCE)) {
      if (answer == null) {
        answer = new ReplyCheckpoint(reply.reply().requestId(), new JsonCodec());
      }
      answer.accept(reply.reply());
    }
    ReplyCheckpoint ended = Objects.requireNonNull(answer);
    String writer = Objects.requireNonNull(ended.fold().currentStart()).writer();
    Usage usage = Objects.requireNonNull(Objects.requireNonNull(ended.end()).usage());
    return new Turn(
        writer.substring(0, writer.lastIndexOf('.')), ended.choice(0).text(), usage);
  }

  private static Worker start(KafkaBroker broker) throws Exception {
    return Worker.start(
        WorkerSettings.of(broker.bootstrapServers(), MODEL).withPartitions(PARTITIONS),
        DemoModels.f32(USERS),
        new SimpleMeterRegistry(),
        fault -> {
          throw new AssertionError(fault);
        });
  }

  private static void awaitBothHavePartitions(KafkaBroker broker) {
    String group = Topics.workerGroup(Topics.requests(MODEL));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      Awaitility.await().atMost(PATIENCE).until(() -> {
        ConsumerGroupDescription described = Objects.requireNonNull(
            admin.describeConsumerGroups(List.of(group)).all().get().get(group));
        return described.groupState() == GroupState.STABLE
            && described.members().size() == 2
            && described.members().stream()
                .allMatch(member -> member.assignment().topicPartitions().size() == PARTITIONS / 2);
      });
    }
  }
}
