package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

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

  @Test
  void requestThatTheProducerGaveUpMayBeThere() throws InterruptedException {
    answer.whenEnded(submission::answerEnded);
    Thread sender =
        new Thread(() -> submission.onCompletion(PLACE, new TimeoutException("expired")));
    sender.start();
    sender.join();

    assertThat(retired).containsExactly(new Delivery.Unknown());
    assertThat(answer.log().failure()).hasMessageContaining("may not have been written");
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
