package io.sirocco.contracts.error;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.chat.Usage;
import io.sirocco.contracts.request.ReplyHandle;
import org.jspecify.annotations.Nullable;

/**
 * The body of an {@code error} record: OpenAI's error form, and what was used before it.
 *
 * <p>Immutable.
 *
 * @param error what went wrong
 * @param usage what the request had used by then; null when nothing was computed
 * @param stream where the answer is to be read instead, with the code {@code duplicate_request}; null
 *     with all others
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ErrorBody(
    @JsonProperty("error") Detail error,
    @JsonProperty("usage") @Nullable Usage usage,
    @JsonProperty("stream") @Nullable ReplyHandle stream) {

  public ErrorBody {
    requireNonNull(error, "error");
  }

  /** Returns the body that reports {@code code}. */
  public static ErrorBody of(
      ErrorCode code, String message, @Nullable String param, @Nullable Usage usage) {
    return new ErrorBody(new Detail(message, code.type(), param, code.code()), usage, null);
  }

  /** Returns this body with the place where the answer is to be read instead. */
  public ErrorBody withStream(@Nullable ReplyHandle place) {
    return new ErrorBody(error, usage, place);
  }

  /**
   * What went wrong; all four members are always present.
   *
   * @param message what was expected and what was found
   * @param type the kind of error
   * @param param the field at fault, or null
   * @param code a stable code of {@link ErrorCode}
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Detail(
      @JsonProperty("message") String message,
      @JsonProperty("type") String type,
      @JsonProperty("param") @Nullable String param,
      @JsonProperty("code") String code) {
    public Detail {
      requireNonNull(message, "message");
      requireNonNull(type, "type");
      requireNonNull(code, "code");
    }
  }
}
