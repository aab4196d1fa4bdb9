package io.sirocco.worker.prompt;

import java.util.List;

/**
 * Writes the fields of a request down, as Markdown.
 *
 * <p>Immutable.
 */
record ParametersDocument(List<Parameters> groups) {
  private static final String INTRODUCTION = """
      # Parameters

      Generated from the code, and held against it by `ParametersDocumentTest`.

      The fields of a request: the body of OpenAI's `POST /v1/chat/completions`, and what hosted Mistral endpoints and HuggingFace's tools add to it. Null means absence. A value that is not as the table says is answered with an `error` that names the field, the value and the range, and nothing is computed; [wire.md](wire.md#errors) lists the codes.

      A field that is not in the table is ignored and named in the header `warnings` of the answer's `start`: such as `temprature`, or `messages[0].contents`. With the header `strict: true` on the request it is an error.

      Defaults are OpenAI's, never those of the model's folder. A seed, a temperature or a penalty belongs to the request alone: what else is computed at the same time changes no token, unless two tokens are within rounding of each other: in a batch of another size sums are added up in another order.

      ## The conversation

      | field | value | absent | effect |
      |---|---|---|---|
      | `model` | a string: the name of the topic's model, or an alias | the topic's model | Checked: a request on another model's topic is refused. |
      | `messages` | a list of at least one message | **required** | Rendered by the chat template of the model's folder. |

      A message has a `role` and `content`.

      - `role`: `system` or `developer`, which are the same, `user`, `assistant` or `tool`. System messages may stand anywhere. Where the model's template knows none, or one at the beginning alone, they are put before the user's text that follows them, and after the last user's text where none does, with a blank line between.
      - `content`: a string, or a list of `{"type": "text", "text": "..."}`, which are joined by line breaks. Images, sound and files are refused.
      - `tool_call_id`: 1 to 64 letters, digits, hyphens and underscores, for templates that say it. `name`, `refusal`, `annotations`: accepted. `tool_calls`, `function_call` and `audio` are refused unless they are empty.
      - What the template refuses, such as two messages of the user in a row, is an `invalid_value` of `messages` in the template's own words.
      - Control tokens in a text, such as `</s>`, stay text.

      """;

  private static final String ENDING = """
      ## Together

      - The answer ends with the first of: an end token of the model, a token of `stop_token_ids`, a text of `stop`, the most tokens, the end of the context.
      - Logits go through these steps, those without an effect left out: `logit_bias`, `repetition_penalty`, `frequency_penalty` and `presence_penalty`, `no_repeat_ngram_size`, `min_tokens`, `temperature`, `min_p`, `top_k`, `top_p`, the draw.
      - With `max_completion_tokens` 0 the prompt is computed, is in the cache for whoever begins alike, and is billed; nothing is generated.
      - With `continue_final_message` the answer's text is what comes after the final message; with `echo` it begins with that message.
      """;

  String text() {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    groups.forEach(group -> write(group, text));
    return text.append(ENDING).toString();
  }

  private static void write(Parameters group, StringBuilder text) {
    text.append("## ").append(group.title()).append("\n\n");
    text.append("| field | value | absent | effect |\n|---|---|---|---|\n");
    for (RequestField<?> field : group.fields()) {
      text.append("| `%s` | %s | %s | %s |%n"
          .formatted(field.name(), field.range(), field.absent(), field.effect()));
    }
    text.append('\n');
  }
}
