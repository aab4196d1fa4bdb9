package io.sirocco.gateway.form;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import io.sirocco.gateway.answer.AzureAnswer;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The form of Azure's model inference: fields beyond its own are refused, left out or passed on, as a
 * header says, and numbers may be given as strings.
 *
 * <p>Source: Azure AI Model Inference REST API, Chat Completions - Create.
 *
 * <p>Thread-safe.
 */
public final class AzureForm implements RequestForm {
  /** What Azure's own specification has. */
  private static final Set<String> OWN = Set.of(
      "frequency_penalty",
      "max_tokens",
      "messages",
      "model",
      "modalities",
      "presence_penalty",
      "response_format",
      "seed",
      "stop",
      "stream",
      "stream_options",
      "temperature",
      "tool_choice",
      "tools",
      "top_p");

  private static final Set<String> NUMBERS = Set.of(
      "frequency_penalty",
      "max_completion_tokens",
      "max_new_tokens",
      "max_tokens",
      "min_p",
      "min_tokens",
      "n",
      "presence_penalty",
      "repetition_penalty",
      "seed",
      "temperature",
      "top_k",
      "top_logprobs",
      "top_p");

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

  private final RequestBodies bodies = new RequestBodies();

  @Override
  public Asked read(byte[] body, UnaryOperator<@Nullable String> headers)
      throws InvalidRequestException {
    Map<String, @Nullable Object> members = bodies.members(body);
    treatExtra(
        members,
        Optional.ofNullable(headers.apply("extra-parameters"))
            .or(() -> Optional.ofNullable(headers.apply("extra-params")))
            .orElse("error"));
    for (String name : NUMBERS) {
      if (members.get(name) instanceof String text && NUMBER.matcher(text).matches()) {
        members.put(name, number(text));
      }
    }
    return new Asked(bodies.request(members), false, new AzureAnswer());
  }

  private static void treatExtra(Map<String, @Nullable Object> members, String treatment)
      throws InvalidRequestException {
    switch (treatment) {
      case "pass-through" -> {}
      case "drop" -> members.keySet().retainAll(OWN);
      case "error" -> {
        for (String name : members.keySet()) {
          if (!OWN.contains(name)) {
            throw new InvalidRequestException(
                ErrorCode.UNSUPPORTED_PARAMETER,
                name,
                "expected a field of this route, or the header extra-parameters with drop or"
                    + " pass-through, found neither");
          }
        }
      }
      default ->
        throw new InvalidRequestException(
            ErrorCode.INVALID_VALUE,
            "extra-parameters",
            "expected error, drop or pass-through, found another text");
    }
  }

  private static Object number(String text) {
    return text.indexOf('.') < 0 ? (Object) Long.valueOf(text) : new BigDecimal(text);
  }
}
