package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SubmissionTest {
  private static final ReplyAddress ADDRESS = ReplyAddress.singleUse("chat.replies.test.1");
  private static final RecordMetadata PLACE =
      new RecordMetadata(new TopicPartition("chat.requests.echo", 3), 17, 0, 0, 0, 0);

  private final OpenAnswer answer = new OpenAnswer("id-1", new JsonCodec());
  private final List<Delivery> retired = new ArrayList<>();
  private final Submission submission = new Submission(
      ClientSettings.builder("127.0.0.1:9092").build(),
      "chat.requests.echo",
      answer,
      ADDRESS,
      new ReplyTopics() {
        @Override
        public ReplyAddress lease() {
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
      });

  @Test
  void topicIsGivenBackWhenTheRecordIsPlacedAndTheAnswerHasEnded() {
    submission.onCompletion(PLACE, null);
    assertThat(retired).isEmpty();

    submission.answerEnded(null);
    assertThat(retired)
        .containsExactly(new Delivery.Sent(new TopicPartition("chat.requests.echo", 3), 17));
  }

  @Test
  void answerMayEndBeforeTheProducerIsTold() {
    submission.answerEnded(null);
    assertThat(retired).isEmpty();

    submission.onCompletion(PLACE, null);
    assertThat(retired)
        .containsExactly(new Delivery.Sent(new TopicPartition("chat.requests.echo", 3), 17));
  }

  @Test
  void topicOfAnAnswerThatIsStillBeingWrittenIsKeptWhenTheClientIsClosed() {
    submission.onCompletion(PLACE, null);
    submission.answerEnded(new ClientClosedException("closed"));

    assertThat(retired).isEmpty();
  }

  @Test
  void topicOfARequestThatWasNeverSentIsGivenBackOnce() {
    answer.whenEnded(submission::answerEnded);
    submission.onCompletion(PLACE, new RecordTooLargeException("too large"));

    assertThat(retired).containsExactly(new Delivery.NotSent());
    assertThat(answer.log().failure())
        .isInstanceOf(SubmitFailedException.class)
        .hasMessageContaining("could not be written: too large");
  }

  static Stream<Exception> faultsWithoutAnAnswerOfTheBroker() {
    return Stream.of(
        new TimeoutException("expired"),
        new KafkaException("Producer is closed forcefully."),
        new UnknownServerException("who knows"));
  }

  @ParameterizedTest
  @MethodSource("faultsWithoutAnAnswerOfTheBroker")
  void requestThatTheProducerGaveUpMayBeThere(Exception fault) throws InterruptedException {
    answer.whenEnded(submission::answerEnded);
    onAnotherThread(() -> submission.onCompletion(PLACE, fault));

    assertThat(retired).containsExactly(new Delivery.Unknown());
    assertThat(answer.log().failure()).hasMessageContaining("may not have been written");
  }

  @Test
  void topicOfARequestThatIsCutOffByCloseIsKept() throws InterruptedException {
    answer.whenEnded(submission::answerEnded);
    answer.fail(new ClientClosedException("closed"));
    onAnotherThread(
        () -> submission.onCompletion(PLACE, new KafkaException("Producer is closed forcefully.")));

    assertThat(retired).isEmpty();
  }

  static Stream<Exception> refusals() {
    return Stream.of(
        new RecordTooLargeException("too large"), new TopicAuthorizationException("not yours"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void requestThatTheBrokerRefusedIsNotThere(Exception refusal) throws InterruptedException {
    answer.whenEnded(submission::answerEnded);
    onAnotherThread(() -> submission.onCompletion(PLACE, refusal));

    assertThat(retired).containsExactly(new Delivery.NotSent());
    assertThat(answer.log().failure()).hasMessageContaining("could not be written: ");
  }

  private static void onAnotherThread(Runnable callback) throws InterruptedException {
    Thread sender = new Thread(callback);
    sender.start();
    sender.join();
  }

  @Test
  void missingRequestTopicIsNamed() {
    submission.onCompletion(
        PLACE,
        new TimeoutException("no metadata", new UnknownTopicOrPartitionException("no topic")));

    assertThat(answer.log().failure())
        .hasMessageContaining("'chat.requests.echo'")
        .hasMessageContaining("expected the topic to exist on 127.0.0.1:9092");
  }
}
