package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sirocco.contracts.chat.ChatChunk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReplySubscriptionTest {
  private final Queue<Runnable> pending = new ArrayDeque<>();
  private final Answers stepped = new Answers(pending::add);
  private final Answers threaded = new Answers(new CallbackThreads("test"));

  /** Runs whatever the publisher has to do by now. */
  private void step() {
    for (Runnable task = pending.poll(); task != null; task = pending.poll()) {
      task.run();
    }
  }

  @Test
  void nothingIsDeliveredWithoutDemand() {
    RecordingSubscriber<ChatChunk> subscriber = subscribe(stepped, 0);
    stepped.arrive("a", "b");
    step();

    assertThat(subscriber.items()).isEmpty();
  }

  @Test
  void chunksThatAreThereWaitUntilOnSubscribeHasReturned() {
    Answers direct = new Answers(Runnable::run);
    direct.arrive("a", "b.").end();

    RecordingSubscriber<ChatChunk> subscriber = subscribe(direct, 10);

    assertThat(subscriber.violations()).isEmpty();
    assertThat(subscriber.items()).hasSize(3);
  }

  @Test
  void deliversNoMoreThanWasAskedFor() {
    RecordingSubscriber<ChatChunk> subscriber = subscribe(stepped, 2);
    stepped.arrive("a", "b", "c", "d");
    step();
    assertThat(Answers.text(subscriber.items())).isEqualTo("ab");

    subscriber.subscription().request(1);
    step();
    assertThat(Answers.text(subscriber.items())).isEqualTo("abc");
  }

  @Test
  void demandAddsUpAndSaturates() {
    RecordingSubscriber<ChatChunk> subscriber = subscribe(stepped, Long.MAX_VALUE);
    subscriber.subscription().request(Long.MAX_VALUE);
    stepped.arrive("a", "b", "c").end();
    step();

    assertThat(subscriber.items()).hasSize(4);
  }

  @Test
  void lateSubscriberSeesEverything() {
    stepped.arrive("a", "b.").end();
    RecordingSubscriber<ChatChunk> subscriber = subscribe(stepped, 10);
    step();

    assertThat(Answers.text(subscriber.items())).isEqualTo("ab.");
    assertThat(subscriber.ends()).containsExactly("complete");
  }

  @Test
  void endNeedsNoDemand() {
    stepped.arrive("a.").end();
    RecordingSubscriber<ChatChunk> subscriber = subscribe(stepped, 2);
    step();

    assertThat(subscriber.items()).hasSize(2);
    assertThat(subscriber.ends()).containsExactly("complete");
  }

  @Test
  void endWaitsForTheChunksBeforeIt() {
    stepped.arrive("a.").end();
    RecordingSubscriber<ChatChunk> subscriber = subscribe(stepped, 1);
    step();

    assertThat(subscriber.items()).hasSize(1);
    assertThat(subscriber.ends()).isEmpty();
  }

  @Test
  void failureIsToldOnceAfterTheChunksBeforeIt() {
    RecordingSubscriber<ChatChunk> subscriber = subscribe(stepped, 10);
    stepped.arrive("a").error();
    step();
    stepped.answer().fail(new ClientClosedException("closed"));
    subscriber.subscription().request(1);
    step();

    assertThat(Answers.text(subscriber.items())).isEqualTo("a");
    assertThat(subscriber.ends()).containsExactly("error");
    assertThat(subscriber.failure()).isInstanceOf(ChatFailedException.class);
    assertThat(subscriber.violations()).isEmpty();
  }

  @Test
  void cancelledSubscriberHearsNothingMore() {
    RecordingSubscriber<ChatChunk> subscriber = subscribe(stepped, 10);
    stepped.arrive("a");
    step();

    subscriber.subscription().cancel();
    stepped.delta("b").end();
    subscriber.subscription().request(1);
    step();

    assertThat(Answers.text(subscriber.items())).isEqualTo("a");
    assertThat(subscriber.ends()).isEmpty();
  }

  @Test
  void cancellingWithinOnNextStopsAtOnce() {
    RecordingSubscriber<ChatChunk> subscriber = new RecordingSubscriber<>(10) {
      @Override
      void received(ChatChunk chunk) {
        subscription().cancel();
      }
    };
    stepped.arrive("a", "b").end();
    stepped.stream().subscribe(subscriber);
    step();

    assertThat(subscriber.items()).hasSize(1);
    assertThat(subscriber.ends()).isEmpty();
  }

  @Test
  void demandThatIsNotPositiveIsAnError() {
    for (long demand : new long[] {0, -1}) {
      RecordingSubscriber<ChatChunk> subscriber = subscribe(stepped, 0);
      subscriber.subscription().request(demand);
      step();

      assertThat(subscriber.ends()).containsExactly("error");
      assertThat(subscriber.failure())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("found " + demand);
    }
  }

  @Test
  void subscriberThatThrowsIsCancelled() {
    RecordingSubscriber<ChatChunk> subscriber = new RecordingSubscriber<>(10) {
      @Override
      void received(ChatChunk chunk) {
        throw new IllegalStateException("a fault of the subscriber");
      }
    };
    stepped.stream().subscribe(subscriber);
    stepped.arrive("a", "b").end();
    step();

    assertThat(subscriber.items()).hasSize(1);
    assertThat(subscriber.ends()).isEmpty();
  }

  @Test
  void absentSubscriberIsRefused() {
    assertThatThrownBy(() -> subscribeTo(stepped.stream(), null))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void signalsAreNeverConcurrentWhoeverAsksAndArrives() throws Exception {
    int count = 2_000;
    RecordingSubscriber<ChatChunk> subscriber = new RecordingSubscriber<>(1) {
      @Override
      void received(ChatChunk chunk) {
        subscription().request(1);
      }
    };
    Thread requester = new Thread(() -> {
      for (int i = 0; i < count; i++) {
        subscriber.subscription().request(1);
      }
    });
    threaded.stream().subscribe(subscriber);
    requester.start();
    threaded.arrive();
    for (int i = 0; i < count; i++) {
      threaded.delta(i + " ");
    }
    threaded.end();
    requester.join();

    await().until(() -> !subscriber.ends().isEmpty());
    assertThat(subscriber.violations()).isEmpty();
    assertThat(subscriber.ends()).containsExactly("complete");
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      expected.add(i + " ");
    }
    assertThat(Answers.text(subscriber.items())).isEqualTo(String.join("", expected));
  }

  @Test
  void slowSubscriberHoldsUpNeitherTheWriterNorOthers() throws Exception {
    CountDownLatch patience = new CountDownLatch(1);
    RecordingSubscriber<ChatChunk> slow = new RecordingSubscriber<>(10) {
      @Override
      void received(ChatChunk chunk) {
        try {
          patience.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    };
    threaded.stream().subscribe(slow);
    RecordingSubscriber<ChatChunk> quick = subscribe(threaded, 10);

    threaded.arrive("a", "b.").end();

    await().until(() -> quick.ends().contains("complete"));
    assertThat(threaded.stream().completion().join().text()).isEqualTo("ab.");
    assertThat(slow.items()).hasSizeLessThanOrEqualTo(1);
    patience.countDown();
    await().until(() -> slow.ends().contains("complete"));
    assertThat(slow.items()).isEqualTo(quick.items());
  }

  private static RecordingSubscriber<ChatChunk> subscribe(Answers answers, long demand) {
    RecordingSubscriber<ChatChunk> subscriber = new RecordingSubscriber<>(demand);
    answers.stream().subscribe(subscriber);
    return subscriber;
  }

  // The caller is a program that NullAway has not seen.
  @SuppressWarnings("NullAway")
  private static void subscribeTo(
      ReplyStream stream, Flow.@org.jspecify.annotations.Nullable Subscriber<ChatChunk> nobody) {
    stream.subscribe(nobody);
  }
}
