package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReplyStreamTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Answers answers = new Answers(new CallbackThreads("test"));
  private final ReplyStream stream = answers.stream();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  @Test
  void chunksComeInOrderAndTheLastOneCarriesTheUsage() {
    answers.arrive("a", "b", "c.").end();

    List<ChatChunk> chunks = list(stream);

    assertThat(Answers.text(chunks)).isEqualTo("abc.");
    assertThat(chunks.get(3).choices()).isEmpty();
    assertThat(chunks.get(3).usage()).isEqualTo(Usage.of(3, 3));
  }

  @Test
  void viewFromASequenceBeginsWithItsRecord() {
    answers.arrive("a", "b", "c.").end();

    assertThat(Answers.text(list(stream.chunks().from(2)))).isEqualTo("c.");
    assertThat(list(stream.chunks().from(3))).hasSize(1);
    assertThat(list(stream.chunks().from(4))).isEmpty();
  }

  @Test
  void viewFromASequenceHasTheStartThatStandsRightBeforeIt() {
    answers.arrive("a", "b");
    answers.arrive(WireReply.start(Answers.REQUEST, "heir", 2));
    answers.arrive(WireReply.delta(Answers.REQUEST, "heir", 2, 2, "c."));
    answers.arrive(WireReply.end(Answers.REQUEST, "heir", 2, 3));
    List<Long> offsets = new ArrayList<>();

    stream.records().from(2).forEach(reply -> offsets.add(reply.offset()));

    assertThat(offsets).containsExactly(3L, 4L, 5L);
  }

  @Test
  void negativeSequenceIsRefused() {
    assertThatThrownBy(() -> stream.chunks().from(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a sequence of 0 or more, found -1");
  }

  @Test
  void everyReaderSeesTheWholeAnswerFromTheBeginning() throws Exception {
    List<Future<List<ChatChunk>>> early = new ArrayList<>();
    for (int reader = 0; reader < 8; reader++) {
      early.add(threads.submit(() -> list(stream)));
    }
    answers.arrive("a", "b", "c.");
    Future<List<ChatChunk>> midway = threads.submit(() -> list(stream));
    answers.end();
    List<ChatChunk> late = list(stream);

    assertThat(Answers.text(late)).isEqualTo("abc.");
    assertThat(midway.get()).isEqualTo(late);
    for (Future<List<ChatChunk>> reader : early) {
      assertThat(reader.get()).isEqualTo(late);
    }
  }

  @Test
  void chunksAreReadWhileTheAnswerIsOpen() {
    answers.arrive("a");
    Iterator<ChatChunk> reader = stream.iterator();

    assertThat(reader.next()).isEqualTo(WireReply.chunk("a"));
    answers.delta("b");
    assertThat(reader.next()).isEqualTo(WireReply.chunk("b"));
  }

  @Test
  void completionIsTheWholeAnswer() {
    answers.arrive("a", "b.").end();

    ChatCompletion completion = stream.completion().join();

    assertThat(completion.text()).isEqualTo("ab.");
    assertThat(completion.usage()).isEqualTo(Usage.of(3, 2));
    assertThat(stream.await(PATIENCE)).isEqualTo(completion);
  }

  @Test
  void errorRecordFailsEveryKindOfReaderWithItsBody() {
    answers.arrive("a").error();

    List<ChatChunk> read = new ArrayList<>();
    assertThatThrownBy(() -> stream.forEach(read::add))
        .isInstanceOfSatisfying(ChatFailedException.class, failure -> {
          assertThat(failure.requestId()).isEqualTo(Answers.REQUEST);
          assertThat(failure.body().error().param()).isEqualTo("temperature");
        })
        .hasMessageContaining("expected a temperature up to 2, found 3");
    assertThat(Answers.text(read)).isEqualTo("a");
    assertThatThrownBy(() -> stream.await(PATIENCE)).isInstanceOf(ChatFailedException.class);
    assertThatThrownBy(() -> stream.completion().get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ChatFailedException.class);
  }

  @Test
  void readersThatWaitAreWokenByAFailure() {
    answers.arrive("a");
    Future<List<ChatChunk>> reader = threads.submit(() -> list(stream));
    CompletableFuture<ChatCompletion> completion = stream.completion();

    answers.answer().fail(new ClientClosedException("closed"));

    assertThatThrownBy(reader::get).hasCauseInstanceOf(ClientClosedException.class);
    assertThatThrownBy(completion::get).hasCauseInstanceOf(ClientClosedException.class);
  }

  @Test
  void failureAfterTheEndChangesNothing() {
    answers.arrive("a.").end();

    answers.answer().fail(new ClientClosedException("closed"));

    assertThat(list(stream)).hasSize(2);
    assertThat(stream.await(PATIENCE).text()).isEqualTo("a.");
  }

  @Test
  void iteratorGivesUpAfterItsPatienceAndCanBeAskedAgain() {
    answers.arrive("a");
    Iterator<ChatChunk> reader = stream.chunks().within(Duration.ofMillis(20)).iterator();
    reader.next();

    assertThatThrownBy(reader::hasNext)
        .isInstanceOf(ReplyTimeoutException.class)
        .hasMessageContaining("within 20 ms");
    answers.delta("b");
    assertThat(reader.next()).isEqualTo(WireReply.chunk("b"));
  }

  @Test
  void startsDoNotExtendThePatienceForAChunk() {
    Iterator<ChatChunk> reader = stream.chunks().within(Duration.ofMillis(50)).iterator();
    answers.arrive();

    assertThatThrownBy(reader::hasNext).isInstanceOf(ReplyTimeoutException.class);
  }

  @Test
  void awaitGivesUpAfterItsPatience() {
    assertThatThrownBy(() -> stream.await(Duration.ofMillis(20)))
        .isInstanceOf(ReplyTimeoutException.class)
        .hasMessageContaining(Answers.REQUEST);
  }

  @Test
  void interruptEndsTheWaitAndStaysSet() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> interrupted = new AtomicReference<>();
    Thread reader = new Thread(() -> {
      try {
        stream.iterator().next();
      } catch (ReplyInterruptedException e) {
        interrupted.set(Thread.currentThread().isInterrupted());
        thrown.set(e);
      }
    });
    reader.start();
    await().atMost(PATIENCE).until(() -> reader.getState() == Thread.State.WAITING);

    reader.interrupt();
    reader.join(TimeUnit.SECONDS.toMillis(10));

    assertThat(thrown.get()).isInstanceOf(ReplyInterruptedException.class);
    assertThat(interrupted.get()).isTrue();
  }

  @Test
  void exhaustedIteratorSaysSo() {
    answers.arrive("a.").end();
    Iterator<ChatChunk> reader = stream.iterator();
    reader.next();
    reader.next();

    assertThat(reader.hasNext()).isFalse();
    assertThatThrownBy(reader::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void cancellingOnesOwnFutureChangesNothingForOthers() {
    CompletableFuture<ChatCompletion> mine = stream.completion();

    assertThat(mine.cancel(true)).isTrue();
    answers.arrive("a.").end();

    assertThat(stream.completion().join().text()).isEqualTo("a.");
    assertThat(list(stream)).hasSize(2);
  }

  @Test
  void recordsComeWithTheirHeadersFromStartToEnd() {
    answers.arrive("a.").end();

    List<RawReply> records = new ArrayList<>();
    stream.records().forEach(records::add);

    assertThat(records).extracting(RawReply::offset).containsExactly(0L, 1L, 2L);
    assertThat(records)
        .extracting(raw -> raw.headers().get("event"))
        .containsExactly("start", "delta", "end");
    assertThat(records.get(1).headers())
        .containsEntry("sequence", "0")
        .containsEntry("writer", "w");
    assertThat(records.get(1).timestampMillis()).isEqualTo(1_754_000_000_001L);
    assertThat(records.get(1).value()).contains("\"content\":\"a.\"");
  }

  @Test
  void errorRecordIsAmongTheRecords() {
    answers.arrive().error();

    List<RawReply> records = new ArrayList<>();
    assertThatThrownBy(() -> stream.records().forEach(records::add))
        .isInstanceOf(ChatFailedException.class);

    assertThat(records).hasSize(2);
    assertThat(records.get(1).value()).contains("invalid_value");
  }

  private static List<ChatChunk> list(Iterable<ChatChunk> chunks) {
    List<ChatChunk> list = new ArrayList<>();
    chunks.forEach(list::add);
    return list;
  }
}
