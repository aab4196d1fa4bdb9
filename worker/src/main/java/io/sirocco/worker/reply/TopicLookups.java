package io.sirocco.worker.reply;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;

/**
 * Looks topics up, many at a time: whoever asks while some requests are under way waits for the next,
 * which is for all who do. So hundreds who ask at once cost the brokers little, and hold nobody up; and a
 * broker that does not answer holds up those alone whom it was asked for.
 *
 * <p>Thread-safe.
 */
final class TopicLookups {
  private static final DescribeTopicsOptions OPTIONS = new DescribeTopicsOptions().timeoutMs(5_000);

  private final Admin admin;
  private final int most;
  private Map<String, CompletableFuture<TopicDescription>> waiting = new LinkedHashMap<>();
  private int underWay;

  /** @param most how many requests may be under way at once */
  TopicLookups(Admin admin, int most) {
    this.admin = admin;
    this.most = most;
  }

  /** What the brokers say of {@code topic} when they are asked from now on. */
  CompletionStage<TopicDescription> look(String topic) {
    CompletableFuture<TopicDescription> answer;
    synchronized (this) {
      answer = waiting.computeIfAbsent(topic, absent -> new CompletableFuture<>());
    }
    ask();
    return answer;
  }

  private void ask() {
    Map<String, CompletableFuture<TopicDescription>> asked = takeWaiting();
    if (asked.isEmpty()) {
      return;
    }
    Map<String, KafkaFuture<TopicDescription>> found;
    try {
      found = admin.describeTopics(asked.keySet(), OPTIONS).topicNameValues();
    } catch (RuntimeException e) { // The client is closed.
      ended();
      asked.values().forEach(answer -> answer.completeExceptionally(e));
      return;
    }
    var unused = KafkaFuture.allOf(found.values().toArray(KafkaFuture[]::new))
        .whenComplete((all, fault) -> ended());
    asked.forEach((topic, answer) -> {
      KafkaFuture<TopicDescription> description = found.get(topic);
      if (description == null) {
        answer.completeExceptionally(
            new IllegalStateException("expected an answer for '" + topic + "', found none"));
      } else {
        pass(description, answer);
      }
    });
  }

  private void ended() {
    synchronized (this) {
      underWay--;
    }
    ask();
  }

  private synchronized Map<String, CompletableFuture<TopicDescription>> takeWaiting() {
    if (underWay == most || waiting.isEmpty()) {
      return Map.of();
    }
    Map<String, CompletableFuture<TopicDescription>> asked = waiting;
    waiting = new LinkedHashMap<>();
    underWay++;
    return asked;
  }

  private static void pass(
      KafkaFuture<TopicDescription> description, CompletableFuture<TopicDescription> answer) {
    var unused = description.whenComplete((found, fault) -> {
      if (fault == null) {
        answer.complete(found);
      } else {
        answer.completeExceptionally(fault);
      }
    });
  }
}
