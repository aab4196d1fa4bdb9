package io.sirocco.contracts.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoldenRequestTest {
  private final JsonCodec codec = new JsonCodec();

  @Test
  void minimalRequestLeavesEveryOtherFieldAbsent() throws Exception {
    ChatRequest request = read("request-minimal");

    assertThat(request)
        .isEqualTo(ChatRequest.builder().message(ChatMessage.user("Hi")).build());
    assertThat(request.model()).isNull();
    assertThat(request.temperature()).isNull();
    assertThat(request.topP()).isNull();
    assertThat(request.topK()).isNull();
    assertThat(request.minP()).isNull();
    assertThat(request.maxCompletionTokens()).isNull();
    assertThat(request.maxTokens()).isNull();
    assertThat(request.stop()).isNull();
    assertThat(request.seed()).isNull();
    assertThat(request.stream()).isNull();
    assertThat(request.user()).isNull();
    assertThat(request.extra()).isEmpty();
    assertThat(codec.write(request)).isEqualTo(GoldenJson.v1("request-minimal"));
  }

  @Test
  void fullRequestIsReadFieldByField() throws Exception {
    ChatRequest request = read("request-full");

    assertThat(request.model()).isEqualTo("breeze-7b");
    assertThat(request.messages())
        .containsExactly(
            ChatMessage.system("Be brief."),
            ChatMessage.user("Grüß Gott, 世界 🌬"),
            ChatMessage.assistant("Hello."),
            ChatMessage.user("Bye."));
    assertThat(request.temperature()).isEqualTo(0.7);
    assertThat(request.topP()).isEqualTo(0.95);
    assertThat(request.topK()).isEqualTo(40);
    assertThat(request.minP()).isEqualTo(0.05);
    assertThat(request.maxCompletionTokens()).isEqualTo(128);
    assertThat(request.maxTokens()).isEqualTo(64);
    assertThat(request.stop()).containsExactly("\n\n", "###");
    assertThat(request.seed()).isEqualTo(Long.MAX_VALUE);
    assertThat(request.stream()).isTrue();
    assertThat(request.user()).isEqualTo("u-17");
    assertThat(request.extra()).isEmpty();
  }

  @Test
  void fullRequestIsWrittenAsItWasRead() throws Exception {
    assertThat(codec.write(read("request-full"))).isEqualTo(GoldenJson.v1("request-full"));
  }

  @Test
  void bytesAndTextAreTheSameJson() throws Exception {
    ChatRequest request = read("request-full");

    assertThat(codec.read(codec.writeBytes(request), ChatRequest.class)).isEqualTo(request);
    assertThat(codec.writeBytes(request)).asString().isEqualTo(codec.write(request));
  }

  @Test
  void partsAreJoinedAndOneStopTextIsAList() throws Exception {
    ChatRequest request = read("request-parts");

    assertThat(request.messages()).containsExactly(ChatMessage.user("One\ntwo"));
    assertThat(request.stop()).containsExactly("END");
    assertThat(request.temperature()).isEqualTo(1.0);
    assertThat(codec.write(request)).isEqualTo(GoldenJson.v1("request-parts.encoded"));
  }

  @Test
  void unknownFieldsStayVisibleInTheirOrder() throws Exception {
    ChatRequest request = read("request-unknown-fields");

    assertThat(request.extra().keySet())
        .containsExactly("logit_bias", "price_cap", "huge", "tiny", "nothing", "metadata");
    assertThat(request.seed()).isEqualTo(7);
  }

  @Test
  void unknownNumbersStayExact() throws Exception {
    Map<String, ?> extra = read("request-unknown-fields").extra();

    assertThat(extra.get("logit_bias"))
        .isEqualTo(Map.of("50256", -100, "11", new BigDecimal("1.10")));
    assertThat(extra.get("price_cap")).isEqualTo(new BigDecimal("0.30"));
    assertThat(extra.get("huge")).isEqualTo(new BigInteger("123456789012345678901234567890"));
    assertThat(extra.get("tiny")).isEqualTo(new BigDecimal("1E-400"));
  }

  @Test
  void unknownNullsAreNotLost() throws Exception {
    Map<String, ?> extra = read("request-unknown-fields").extra();

    assertThat(extra).containsKey("nothing");
    assertThat(extra.get("nothing")).isNull();
    assertThat(extra.get("metadata"))
        .isEqualTo(Map.of("tags", Arrays.asList("a", new BigDecimal("1.00"), null, true)));
  }

  @Test
  void unknownFieldsOfAMessageStayVisible() throws Exception {
    ChatRequest request = read("request-unknown-fields");

    assertThat(request.messages())
        .singleElement()
        .satisfies(message -> assertThat(message.extra()).containsExactly(entry("name", "ada")));
  }

  @Test
  void unknownFieldsAreWrittenAsTheyWereRead() throws Exception {
    assertThat(codec.write(read("request-unknown-fields")))
        .isEqualTo(GoldenJson.v1("request-unknown-fields"));
  }

  private ChatRequest read(String name) throws MalformedJsonException {
    return codec.read(GoldenJson.v1(name), ChatRequest.class);
  }
}
