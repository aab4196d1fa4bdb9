package io.sirocco.gateway.form;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sirocco.contracts.error.InvalidRequestException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFormsTest {
  private static Asked read(RequestForm form, String more, Map<String, String> headers)
      throws InvalidRequestException {
    String body = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]" + more + "}";
    return form.read(body.getBytes(UTF_8), headers::get);
  }

  @Test
  void backgroundIsForTheGatewayAndMistralsSeedIsASeed() throws Exception {
    Asked asked = read(
        new OpenAiForm(),
        ", \"background\": true, \"random_seed\": 7, \"safe_prompt\": false, \"min_tokens\": 2",
        Map.of());

    assertThat(asked.background()).isTrue();
    assertThat(asked.request().seed()).isEqualTo(7);
    assertThat(asked.request().extra()).containsOnlyKeys("min_tokens");
  }

  @Test
  void azureRefusesWhatIsNotItsOwnUnlessTheHeaderSaysOtherwise() throws Exception {
    String more = ", \"top_k\": \"5\", \"temperature\": \"0.5\", \"seed\": \"7\"";

    assertThatThrownBy(() -> read(new AzureForm(), more, Map.of()))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.field()).isEqualTo("top_k"));
    assertThatThrownBy(() -> read(new AzureForm(), more, Map.of("extra-parameters", "whatever")))
        .isInstanceOf(InvalidRequestException.class);
    Asked dropped = read(new AzureForm(), more, Map.of("extra-params", "drop"));
    assertThat(dropped.request().topK()).isNull();
    assertThat(dropped.request().temperature()).isEqualTo(0.5);
    assertThat(dropped.request().seed()).isEqualTo(7);
    Asked passed = read(new AzureForm(), more, Map.of("extra-parameters", "pass-through"));
    assertThat(passed.request().topK()).isEqualTo(5);
  }

  @Test
  void trussHasDefaultsOfItsOwn() throws Exception {
    Asked asked = read(new TrussForm(), ", \"top_k\": null, \"top_p\": 0.5", Map.of());

    assertThat(asked.request().maxTokens()).isEqualTo(512);
    assertThat(asked.request().topP()).isEqualTo(0.5);
    assertThat(asked.request().topK()).isEqualTo(50);
    assertThat(asked.request().extra())
        .containsEntry("do_sample", true)
        .containsEntry("max_length", 4096);
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_tokens", "max_completion_tokens", "max_new_tokens", "max_length"})
  void trussBoundsTheTokensByAnyName(String name) throws Exception {
    String member = ", \"" + name + "\": ";

    for (String tooMany : List.of("4097", "1000000", "1e9", "100000000000000000000")) {
      assertThatThrownBy(() -> read(new TrussForm(), member + tooMany, Map.of()))
          .isInstanceOfSatisfying(
              InvalidRequestException.class, e -> assertThat(e.field()).isEqualTo(name));
    }
    Asked asked = read(new TrussForm(), member + "4096", Map.of());
    assertThat(asked.request().extra()).containsEntry("max_length", 4096);
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_completion_tokens", "max_new_tokens"})
  void trussHasNoDefaultThatWinsOverWhatIsAsked(String name) throws Exception {
    Asked asked = read(new TrussForm(), ", \"" + name + "\": 600", Map.of());

    assertThat(asked.request().maxTokens()).isNull();
  }

  @Test
  void basetensPromptIsAMessageOfTheUsers() throws Exception {
    Asked asked = new BasetenForm()
        .read("{\"prompt\": \"Hi\"}".getBytes(UTF_8), Map.<String, String>of()::get);

    assertThat(asked.request().messages())
        .singleElement()
        .satisfies(message -> assertThat(message.role()).isEqualTo("user"));
    assertThat(asked.request().extra())
        .doesNotContainKey("prompt")
        .containsEntry("return_full_text", true);
  }
}
