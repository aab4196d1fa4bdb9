package io.sirocco.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.request.RequestKey;
import io.sirocco.contracts.topic.Headers;
import io.sirocco.contracts.usage.Receipt;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadAnswerTest {
  private final Answers answers = new Answers(Runnable::run);

  @Test
  void receiptSaysWhatTheReaderSaw() {
    answers.answer().begin(ReplyAddress.singleUse("chat.replies.test.1"));
    answers.arrive("a").arrive(delta(1, "5,6")).end();

    Receipt receipt = Objects.requireNonNull(receipt());

    assertThat(receipt.user()).isEqualTo("ann");
    assertThat(receipt.requestId()).isEqualTo(Answers.REQUEST);
    assertThat(receipt.id()).isEqualTo("chat.replies.test.1/0/3");
    assertThat(receipt.outcome()).isEqualTo("stop");
    assertThat(receipt.promptTokens()).isEqualTo(3);
    assertThat(receipt.completionTokens()).isEqualTo(2);
    assertThat(receipt.seenTokens()).isEqualTo(2);
  }

  @Test
  void receiptOfAFailedAnswerNamesTheError() {
    answers.answer().begin(ReplyAddress.singleUse("chat.replies.test.1"));
    answers.arrive("a").arrive(delta(1, "5")).error();

    Receipt receipt = Objects.requireNonNull(receipt());

    assertThat(receipt.outcome()).isEqualTo("invalid_value");
    assertThat(receipt.seenTokens()).isEqualTo(1);
  }

  @Test
  void answerThatWasNotReadToItsEndHasNoReceipt() {
    answers.answer().begin(ReplyAddress.singleUse("chat.replies.test.1"));
    answers.arrive("a");
    answers.answer().fail(new ClientClosedException("closed"));

    assertThat(receipt()).isNull();
  }

  private static WireReply delta(long sequence, String tokenIds) {
    WireReply delta = WireReply.delta(Answers.REQUEST, "w", 1, sequence, "b.");
    delta.headers().put(Headers.TOKEN_IDS, tokenIds);
    return delta;
  }

  private @Nullable Receipt receipt() {
    return new ReadAnswer(RequestKey.of("ann", Answers.REQUEST), answers.answer(), new JsonCodec())
        .receipt();
  }
}
