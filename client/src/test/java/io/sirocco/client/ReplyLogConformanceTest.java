package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.conformance.LoggedRecord;
import io.sirocco.contracts.conformance.ReplyLogCase;
import io.sirocco.contracts.json.JsonCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The client is a right reader of every log in the conformance file. */
@Timeout(60)
class ReplyLogConformanceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static List<ReplyLogCase> cases() {
    return ReplyLogCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void chunksMakeUpTheTextOfEveryChoice(ReplyLogCase log) {
    List<ChatChunk> read = new ArrayList<>();
    Runnable reading = () -> read(log).forEach(read::add);

    if (log.expected().state().equals("ended")) {
      reading.run();
    } else {
      Class<? extends SiroccoException> ending = log.expected().state().equals("failed")
          ? ChatFailedException.class
          : ReplyTimeoutException.class;
      assertThat(catchThrowableOfType(ending, reading::run)).isNotNull();
    }

    assertThat(texts(read)).isEqualTo(expectedTexts(log));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void wholeAnswerIsTheSame(ReplyLogCase log) {
    ReplyStream stream = stream(log);

    switch (log.expected().state()) {
      case "ended" -> assertThat(texts(stream.await(PATIENCE))).isEqualTo(expectedTexts(log));
      case "failed" ->
        assertThat(catchThrowableOfType(ChatFailedException.class, () -> stream.await(PATIENCE))
                .body()
                .error()
                .code())
            .isEqualTo(log.expected().error());
      default -> {
        CompletableFuture<ChatCompletion> whole = stream.completion();
        assertThat(whole).isNotDone();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void recordsBesideStartsAreThoseThatCount(ReplyLogCase log) {
    List<Long> counted = new ArrayList<>();
    try {
      for (RawReply reply : stream(log).records().within(Duration.ZERO)) {
        if (reply.reply().event().isSequenced()) {
          counted.add(reply.offset());
        }
      }
    } catch (ChatFailedException | ReplyTimeoutException e) {
      // Told by the other tests.
    }

    assertThat(counted).isEqualTo(log.expected().accepted());
  }

  private static ReplyView<ChatChunk> read(ReplyLogCase log) {
    return stream(log).chunks().within(Duration.ZERO);
  }

  private static ReplyStream stream(ReplyLogCase log) {
    OpenAnswer answer = new OpenAnswer(log.requestId(), new JsonCodec());
    log.fromReplyOffset().forEach(logged -> answer.accept(consumed(logged)));
    return Answers.stream(answer, new CallbackThreads("test"));
  }

  private static ConsumerRecord<byte[], byte[]> consumed(LoggedRecord logged) {
    RecordHeaders headers = new RecordHeaders();
    logged.allHeaders().forEach(header -> headers.add(header.name(), header.bytes()));
    return new ConsumerRecord<>(
        "chat.replies.test.1",
        0,
        logged.offset(),
        1_000,
        TimestampType.CREATE_TIME,
        0,
        0,
        new byte[0],
        logged.valueBytes(),
        headers,
        Optional.empty());
  }

  private static List<String> expectedTexts(ReplyLogCase log) {
    return log.expected().choices().stream().map(ReplyLogCase.Choice::text).toList();
  }

  private static List<String> texts(ChatCompletion whole) {
    return whole.choices().stream()
        .map(choice -> choice.message().content())
        .map(content -> content == null ? "" : content)
        .toList();
  }

  private static List<String> texts(List<ChatChunk> chunks) {
    SortedMap<Integer, String> texts = new TreeMap<>();
    for (ChatChunk chunk : chunks) {
      for (ChatChunk.Choice choice : chunk.choices()) {
        String content = choice.delta().content();
        texts.merge(choice.index(), content == null ? "" : content, String::concat);
      }
    }
    return List.copyOf(texts.values());
  }
}
