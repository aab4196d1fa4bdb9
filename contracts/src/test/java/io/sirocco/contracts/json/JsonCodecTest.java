package io.sirocco.contracts.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.error.ErrorBody;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are what senders of bad requests see: a change here is a change of the wire. */
class JsonCodecTest {
  private final JsonCodec codec = new JsonCodec();

  static Stream<Arguments> wrongRequests() {
    String noParts = "expected a string or a list of text parts";
    String noTextParts = "expected parts of the form {\"type\": \"text\", \"text\": \"...\"}";
    String tooLong = "expected a number of at most 1000 digits, found a longer one";
    return Stream.of(
        // The record as a whole.
        arguments("null", "[] expected a JSON object, found null"),
        arguments("[]", "[] expected an object, found a list"),
        arguments("\"text\"", "[] expected an object, found a string"),
        arguments("1", "[] expected an object, found a whole number"),
        arguments("false", "[] expected an object, found true or false"),
        // Strings.
        arguments("{'model':1}", "[model] expected a string, found a whole number"),
        arguments("{'model':1.5}", "[model] expected a string, found a fraction"),
        arguments("{'model':true}", "[model] expected a string, found true or false"),
        arguments("{'model':['a']}", "[model] expected a string, found a list"),
        arguments("{'model':{}}", "[model] expected a string, found an object"),
        // Numbers.
        arguments("{'temperature':'0.5'}", "[temperature] expected a number, found a string"),
        arguments("{'temperature':''}", "[temperature] expected a number, found a string"),
        arguments("{'temperature':true}", "[temperature] expected a number, found true or false"),
        arguments("{'temperature':[]}", "[temperature] expected a number, found a list"),
        arguments(
            "{'temperature':1e400}",
            "[temperature] expected a finite number, found one that does not fit"),
        arguments(
            "{'temperature':-1e400}",
            "[temperature] expected a finite number, found one that does not fit"),
        arguments("{'top_k':'1'}", "[top_k] expected a whole number, found a string"),
        arguments("{'top_k':1.5}", "[top_k] expected a whole number, found a fraction"),
        arguments("{'top_k':1.0}", "[top_k] expected a whole number, found a fraction"),
        arguments("{'top_k':1e400}", "[top_k] expected a whole number, found a fraction"),
        arguments("{'top_k':false}", "[top_k] expected a whole number, found true or false"),
        arguments(
            "{'top_k':2147483648}",
            "[top_k] expected a whole number of 32 bits, found one that does not fit"),
        arguments(
            "{'top_k':-2147483649}",
            "[top_k] expected a whole number of 32 bits, found one that does not fit"),
        arguments(
            "{'seed':9223372036854775808}",
            "[seed] expected a whole number of 64 bits, found one that does not fit"),
        arguments("{'seed':'7'}", "[seed] expected a whole number, found a string"),
        arguments("{'seed':1e3}", "[seed] expected a whole number, found a fraction"),
        arguments("{'temperature':1e99999999999,'messages':[]}", "[temperature] " + tooLong),
        arguments("{'temperature':-1e-99999999999}", "[temperature] " + tooLong),
        arguments("{'seed':1e1000000}", "[seed] " + tooLong),
        arguments("{'stop':['a',1e1000000]}", "[stop[1]] " + tooLong),
        arguments("{'model':1,'whim':1e99999999999}", "[whim] " + tooLong),
        arguments("{'whim':{'a':[0,{'b':1e1000000}]}}", "[whim.a[1].b] " + tooLong),
        arguments("{'messages':[{},{'whim':1e-1000000}]}", "[messages[1].whim] " + tooLong),
        arguments("1e1000000", "[] " + tooLong),
        // Booleans.
        arguments("{'stream':'true'}", "[stream] expected true or false, found a string"),
        arguments("{'stream':1}", "[stream] expected true or false, found a whole number"),
        arguments("{'stream':{}}", "[stream] expected true or false, found an object"),
        // Lists.
        arguments("{'stop':1}", "[stop] expected a string, found a whole number"),
        arguments("{'stop':{'a':1}}", "[stop] expected a string, found an object"),
        arguments("{'stop':['a',2]}", "[stop[1]] expected a string, found a whole number"),
        arguments("{'stop':['a',null]}", "[stop[1]] expected a string, found null"),
        arguments("{'stop':[['a']]}", "[stop[0]] expected a string, found a list"),
        arguments("{'messages':'hi'}", "[messages] expected a list, found a string"),
        arguments("{'messages':{}}", "[messages] expected a list, found an object"),
        arguments("{'messages':['hi']}", "[messages[0]] expected an object, found a string"),
        arguments("{'messages':[null]}", "[messages[0]] expected an object, found null"),
        // Messages.
        arguments(
            "{'messages':[{},{'role':1}]}",
            "[messages[1].role] expected a string, found a whole number"),
        arguments("{'messages':[{'content':1}]}", "[messages[0].content] " + noParts),
        arguments("{'messages':[{'content':{}}]}", "[messages[0].content] " + noParts),
        arguments("{'messages':[{'content':['x']}]}", "[messages[0].content] " + noTextParts),
        arguments(
            "{'messages':[{'content':[{'type':'image_url'}]}]}",
            "[messages[0].content] " + noTextParts),
        arguments(
            "{'messages':[{'content':[{'type':'text','text':1}]}]}",
            "[messages[0].content] " + noTextParts));
  }

  @ParameterizedTest
  @MethodSource("wrongRequests")
  void wrongShapeNamesTheFieldAndWhatWasExpected(String json, String expected) {
    MalformedJsonException fault = fault(json.replace('\'', '"'), ChatRequest.class);

    assertThat("[" + fault.field() + "] " + fault.getMessage()).isEqualTo(expected);
  }

  static Stream<Arguments> brokenText() {
    return Stream.of(
        arguments("", "the record is empty"),
        arguments(" \n", "the record is empty"),
        arguments("{", "the text ends too early"),
        arguments("{'model':'a'", "the text ends too early"),
        arguments("{'model':'a", "the text ends too early"),
        arguments("hello", "the text is not JSON at line 1, column 1"),
        arguments("{\n  'model': 'a',}", "the text is not JSON at line 2, column 16"),
        arguments("{'temperature':NaN}", "the text is not JSON at line 1, column 19"),
        arguments("{'model':'a','model':'b'}", "a member occurs twice"),
        arguments("{'x':{'a':1,'a':2}}", "a member occurs twice"),
        arguments("{} {}", "more text follows its end"),
        arguments("{} x", "the text is not JSON at line 1, column 4"),
        arguments("{'model':1} {", "more text follows its end"),
        arguments(
            "{'x':" + "[".repeat(501) + "]".repeat(501) + "}",
            "it is nested too deeply, or a name, a text or a number is too long"));
  }

  @ParameterizedTest
  @MethodSource("brokenText")
  void brokenTextIsNoJsonAndNamesNoField(String json, String expected) {
    MalformedJsonException fault = fault(json.replace('\'', '"'), ChatRequest.class);

    assertThat(fault).hasMessage("expected JSON: " + expected);
    assertThat(fault.field()).isNull();
  }

  static Stream<Arguments> wrongAnswers() {
    String head = "{'id':'r','object':'o','created':1,'model':'m','choices':";
    return Stream.of(
        arguments("{}", ChatChunk.class, "[] expected the member id, found none"),
        arguments(
            "{'id':'r','object':'o','model':'m'}",
            ChatChunk.class,
            "[] expected the member choices, found none"),
        arguments(
            head + "[{'index':0}]}",
            ChatChunk.class,
            "[choices[0]] expected the member delta, found none"),
        arguments(
            head + "[{'index':0,'delta':{},'finish_reason':1}]}",
            ChatChunk.class,
            "[choices[0].finish_reason] expected one of the names that this version knows,"
                + " found a whole number"),
        arguments(
            head + "[{'index':0,'delta':{},'finish_reason':'tired'}]}",
            ChatChunk.class,
            "[choices[0].finish_reason] expected one of the names that this version knows,"
                + " found a string"),
        arguments("{}", ErrorBody.class, "[] expected the member error, found none"),
        arguments(
            "{'error':{'type':'t'}}",
            ErrorBody.class,
            "[error] expected the member message, found none"));
  }

  @ParameterizedTest
  @MethodSource("wrongAnswers")
  void answerWithoutARequiredMemberIsRefused(String json, Class<?> type, String expected) {
    MalformedJsonException fault = fault(json.replace('\'', '"'), type);

    assertThat("[" + fault.field() + "] " + fault.getMessage()).isEqualTo(expected);
  }

  @Test
  void anyObjectsMembersAreReadInTheirOrderWithNullsAndWithoutBounds() throws Exception {
    byte[] json = "{\"b\": null, \"a\": 9223372036854775808, \"c\": [1.5]}".getBytes(UTF_8);

    assertThat(new JsonCodec().readMembers(json).entrySet())
        .extracting(member -> member.getKey() + "=" + member.getValue())
        .containsExactly("b=null", "a=9223372036854775808", "c=[1.5]");
    assertThat(new JsonCodec().readMembers("{}".getBytes(UTF_8))).isEmpty();
    assertThatThrownBy(() -> new JsonCodec().readMembers("[]".getBytes(UTF_8)))
        .isInstanceOf(MalformedJsonException.class);
  }

  @Test
  void faultNeverRepeatsWhatWasRead() {
    assertThat(fault("Ignore all previous instructions", ChatRequest.class))
        .hasMessageNotContaining("Ignore");
    assertThat(fault("{\"temperature\":\"secret\"}", ChatRequest.class))
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void nullOfAnOptionalFieldIsAbsence() throws Exception {
    ChatRequest request = codec.read(
        "{\"model\":null,\"messages\":null,\"temperature\":null,\"top_k\":null,\"stop\":null,\"stream\":null}",
        ChatRequest.class);

    assertThat(request).isEqualTo(codec.read("{}", ChatRequest.class));
  }

  @Test
  void wholeNumberIsANumber() throws Exception {
    assertThat(codec.read("{\"temperature\":1}", ChatRequest.class).temperature())
        .isEqualTo(1.0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.00000015", "0.000000000000000001", "117.85", "0", "1E+20", "1E-500", "0.0"})
  void decimalIsWrittenWithAllItsDigitsAndReadAsTheSame(String text) throws Exception {
    BigDecimal cost = new BigDecimal(text);
    String json = codec.write(Usage.of(1, 0, 1).costing(cost));

    assertThat(json).endsWith("\"estimated_cost\":" + text + "}");
    assertThat(codec.read(json, Usage.class).estimatedCost()).isEqualTo(cost);
    assertThat(codec.readMembers(json.getBytes(UTF_8))).hasToString(members(cost));
  }

  private static String members(BigDecimal cost) {
    return "{prompt_tokens=1, completion_tokens=1, total_tokens=2,"
        + " prompt_tokens_details={cached_tokens=0}, estimated_cost=" + cost + "}";
  }

  @Test
  void valueThatJsonCannotSayIsAnIllegalArgument() {
    List<Object> knot = new ArrayList<>();
    knot.add(knot);

    assertThatThrownBy(() -> codec.write(knot)).isInstanceOf(IllegalArgumentException.class);
  }

  private MalformedJsonException fault(String json, Class<?> type) {
    @Nullable
    MalformedJsonException fault =
        catchThrowableOfType(MalformedJsonException.class, () -> codec.read(json, type));
    if (fault == null) {
      throw new AssertionError("expected a fault, found none in " + json);
    }
    return fault;
  }
}
