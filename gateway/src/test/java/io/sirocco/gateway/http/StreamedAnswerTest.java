package io.sirocco.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.client.RawReply;
import io.sirocco.contracts.reply.ReplyEvent;
import io.sirocco.contracts.reply.ReplyRecord;
import io.sirocco.gateway.answer.AnswerForm;
import io.sirocco.gateway.answer.OpenAiAnswer;
import io.sirocco.gateway.answer.TextAnswer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamedAnswerTest {
  private static final StreamedAnswer.Pace PATIENT =
      new StreamedAnswer.Pace(Long.MAX_VALUE, Long.MAX_VALUE);
  private static final String CHUNK = """
      {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "demo",
       "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": null}]}""";
  private static final String NO_JSON = "{";

  private final AtomicInteger places = new AtomicInteger(1);

  private static RawReply reply(ReplyEvent event, Long sequence, String body) {
    return new RawReply(
        new ReplyRecord(0, 0, "r1", event, "w1", 1, sequence, 0, List.of(), null, body), Map.of());
  }

  /** Returns the response to a request whose answer has these records. */
  private String response(AnswerForm form, RawReply... replies) throws Exception {
    try (LocalHttp http = new LocalHttp(exchange -> {
      StreamedAnswer answer = new StreamedAnswer(
          exchange,
          form,
          PATIENT,
          new Going(places::decrementAndGet, places::decrementAndGet),
          () -> {},
          true,
          "");
      answer.onSubscribe(new Nothing());
      for (RawReply reply : replies) {
        answer.onNext(reply);
      }
    })) {
      return http.ask("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
  }

  @Test
  void recordThatCannotBeWrittenIsAServerFaultAndLeavesNothingOpen() throws Exception {
    String response = response(new TextAnswer(null), reply(ReplyEvent.DELTA, 0L, NO_JSON));

    assertThat(response).startsWith("HTTP/1.1 500 ").contains("the gateway failed");
    assertThat(places).hasValue(0);
  }

  @Test
  void recordThatCannotBeWrittenIsAnErrorInMidStream() throws Exception {
    String response = response(
        new OpenAiAnswer(true),
        reply(ReplyEvent.DELTA, 0L, CHUNK),
        reply(ReplyEvent.END, 1L, NO_JSON));

    assertThat(response)
        .startsWith("HTTP/1.1 200 ")
        .contains("data: {\"error\":{\"message\":\"the gateway failed\"")
        .doesNotContain("[DONE]");
    assertThat(places).hasValue(0);
  }

  /** The records come without being asked for. */
  private static final class Nothing implements Flow.Subscription {
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }
}
