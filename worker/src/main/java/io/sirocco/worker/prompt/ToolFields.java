package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.error.InvalidRequestException;
import java.util.List;
import java.util.Map;

/**
 * The fields that ask for structured output and tools, which there are none of: what asks for nothing
 * passes, and the rest is refused.
 *
 * <p>Stateless.
 */
final class ToolFields {
  private static final String NONE = "none";

  private static final RequestField<Map<?, ?>> RESPONSE_FORMAT = new RequestField<>(
      "response_format",
      "`{\"type\": \"text\"}`",
      "text",
      "Structured output is not supported: `json_object` and `json_schema` are refused.",
      Map.of(),
      ToolFields::responseFormat);
  private static final RequestField<List<?>> TOOLS = new RequestField<>(
      "tools",
      "a list; empty, unless `tool_choice` is `none`",
      NONE,
      "Tools are not supported; with `tool_choice` `none` they are passed over.",
      List.of(),
      FieldReaders::list);
  private static final RequestField<List<?>> FUNCTIONS = new RequestField<>(
      "functions",
      "a list; empty, unless `function_call` is `none`",
      NONE,
      "An older name of `tools`.",
      List.of(),
      FieldReaders::list);
  private static final RequestField<String> TOOL_CHOICE =
      choice("tool_choice", "Which tool the answer calls: none of them.");
  private static final RequestField<String> FUNCTION_CALL =
      choice("function_call", "An older name of `tool_choice`.");
  private static final RequestField<Boolean> PARALLEL =
      FieldKinds.flag("parallel_tool_calls", true, "Accepted: no tool is called.");

  /** In the order of the reference. */
  static final List<RequestField<?>> ALL =
      List.of(RESPONSE_FORMAT, TOOLS, TOOL_CHOICE, PARALLEL, FUNCTIONS, FUNCTION_CALL);

  private ToolFields() {}

  /** Refuses what cannot be followed. */
  static void check(RequestFields fields) throws InvalidRequestException {
    RESPONSE_FORMAT.in(fields);
    PARALLEL.in(fields);
    checkNone(fields, TOOLS, TOOL_CHOICE);
    checkNone(fields, FUNCTIONS, FUNCTION_CALL);
  }

  private static void checkNone(
      RequestFields fields, RequestField<List<?>> tools, RequestField<String> choice)
      throws InvalidRequestException {
    int count = tools.in(fields).size();
    if (!NONE.equals(choice.in(fields)) && count > 0) {
      throw FieldFaults.unsupported(
          tools.name(), "no tools, or %s to be none".formatted(choice.name()), count);
    }
  }

  private static Map<?, ?> responseFormat(String field, Object value)
      throws InvalidRequestException {
    Map<?, ?> format = FieldReaders.object(field, value);
    String path = field + ".type";
    Object type = format.get("type");
    if (type == null) {
      throw new InvalidRequestException(
          ErrorCode.MISSING_REQUIRED_PARAMETER, path, "expected text, found nothing");
    }
    String name = FieldReaders.text(path, type);
    if ("json_object".equals(name) || "json_schema".equals(name)) {
      throw FieldFaults.unsupported(path, "text, as structured output is not supported", name);
    }
    if (!"text".equals(name)) {
      throw FieldFaults.outside(path, "text", FieldFaults.quoted(name));
    }
    return format;
  }

  private static RequestField<String> choice(String name, String effect) {
    return new RequestField<>(name, "`none` or `auto`", "auto", effect, "auto", (field, value) -> {
      if (NONE.equals(value) || "auto".equals(value)) {
        return (String) value;
      }
      if ("required".equals(value) || value instanceof Map) {
        throw FieldFaults.unsupported(
            field, "none or auto, as tools are not supported", "a call that must be made");
      }
      String text = FieldReaders.text(field, value);
      throw FieldFaults.outside(field, "none or auto", FieldFaults.quoted(text));
    });
  }
}
