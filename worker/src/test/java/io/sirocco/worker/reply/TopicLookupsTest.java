package io.sirocco.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class TopicLookupsTest {
  private final List<Map<String, KafkaFutureImpl<TopicDescription>>> requests = new ArrayList<>();
  private boolean closed;
  private boolean forgetful;
  private final TopicLookups lookups = new TopicLookups(admin(), 1);

  @Test
  void whoeverAsksMeanwhileIsAnsweredByOneRequest() {
    CompletableFuture<TopicDescription> first = look("a");
    CompletableFuture<TopicDescription> second = look("b");
    CompletableFuture<TopicDescription> third = look("c");
    CompletableFuture<TopicDescription> again = look("c");
    assertThat(asked()).containsExactly("a");

    answer(0);
    assertThat(first).isCompleted();
    assertThat(second).isNotDone();
    assertThat(asked()).containsExactly("a", "b c");

    answer(1);
    assertThat(List.of(second, third, again)).allMatch(CompletableFuture::isDone);
    assertThat(asked()).hasSize(2);
  }

  @Test
  void aRequestThatIsNotAnsweredHoldsUpNobodyElse() {
    TopicLookups two = new TopicLookups(admin(), 2);
    CompletableFuture<TopicDescription> hanging = two.look("a").toCompletableFuture();
    CompletableFuture<TopicDescription> other = two.look("b").toCompletableFuture();
    answer(1);

    assertThat(other).isCompleted();
    assertThat(hanging).isNotDone();
    CompletableFuture<TopicDescription> later = two.look("c").toCompletableFuture();
    answer(2);
    assertThat(later).isCompleted();
  }

  @Test
  void aTopicThatTheBrokersSayNothingOfFails() {
    forgetful = true;

    assertThat(look("a")).isCompletedExceptionally();
    assertThat(look("b")).isCompletedExceptionally();
  }

  /** What the brokers said before somebody asked may be out of date. */
  @Test
  void anAnswerOnItsWayIsNotForWhoeverAsksLater() {
    var unused = look("a");
    CompletableFuture<TopicDescription> later = look("a");
    answer(0);
    assertThat(later).isNotDone();

    answer(1);
    assertThat(later).isCompleted();
  }

  @Test
  void aMissingTopicIsTheFaultOfWhoeverAskedForItAlone() {
    var unused = look("a");
    CompletableFuture<TopicDescription> found = look("b");
    CompletableFuture<TopicDescription> missing = look("c");
    answer(0);
    requests.get(1).forEach((topic, answer) -> {
      if (topic.equals("c")) {
        answer.completeExceptionally(new UnknownTopicOrPartitionException("no such topic"));
      } else {
        answer.complete(description(topic));
      }
    });

    assertThat(found).isCompleted();
    assertThatThrownBy(missing::join).hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    unused = look("d");
    assertThat(asked()).containsExactly("a", "b c", "d");
  }

  @Test
  void aClosedClientIsTheFaultOfAllWhoAsk() {
    closed = true;

    assertThat(look("a")).isCompletedExceptionally();
    assertThat(look("b")).isCompletedExceptionally();
  }

  private CompletableFuture<TopicDescription> look(String topic) {
    return lookups.look(topic).toCompletableFuture();
  }

  private List<String> asked() {
    return requests.stream().map(request -> String.join(" ", request.keySet())).toList();
  }

  private void answer(int request) {
    requests.get(request).forEach((topic, answer) -> answer.complete(description(topic)));
  }

  private static TopicDescription description(String topic) {
    return new TopicDescription(topic, false, List.of());
  }

  @SuppressWarnings("unchecked") // The first argument is the topics.
  private Admin admin() {
    return (Admin) Proxy.newProxyInstance(
        Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
          if (closed) {
            throw new IllegalStateException("closed");
          }
          return new Described(request((Collection<String>) arguments[0]));
        });
  }

  private Map<String, KafkaFuture<TopicDescription>> request(Collection<String> topics) {
    Map<String, KafkaFutureImpl<TopicDescription>> answers = new TreeMap<>(topics.stream()
        .collect(Collectors.toMap(Function.identity(), t -> new KafkaFutureImpl<>())));
    requests.add(answers);
    return forgetful ? Map.of() : Map.copyOf(answers);
  }

  private static final class Described extends DescribeTopicsResult {
    Described(Map<String, KafkaFuture<TopicDescription>> answers) {
      super(null, answers);
    }
  }
}
