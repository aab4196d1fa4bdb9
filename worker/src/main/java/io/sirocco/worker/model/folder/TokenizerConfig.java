package io.sirocco.worker.model.folder;

import io.sirocco.worker.model.ModelLoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The chat template of a folder and the control tokens that it may use.
 *
 * <p>Immutable.
 *
 * @param chatTemplate the Jinja source, of {@code chat_template.jinja} if there is one
 * @param bosToken the text of the begin-of-sequence token; empty when there is none
 * @param eosToken the text of the end-of-sequence token; empty when there is none
 */
public record TokenizerConfig(String chatTemplate, String bosToken, String eosToken) {
  private static final String TEMPLATE = "chat_template";
  private static final String TEMPLATE_FILE = "chat_template.jinja";

  static TokenizerConfig read(Path folder, Path file) throws ModelLoadException {
    FolderJson json = FolderJson.read(file);
    Path templateFile = folder.resolve(TEMPLATE_FILE);
    String template = Files.isRegularFile(templateFile) ? text(templateFile) : template(json);
    if (template == null) {
      throw new ModelLoadException(
          "%s: expected a chat template in %s or tokenizer_config.json, found none"
              .formatted(folder, TEMPLATE_FILE));
    }
    return new TokenizerConfig(template, token(json, "bos_token"), token(json, "eos_token"));
  }

  private static String text(Path file) throws ModelLoadException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new ModelLoadException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** One template, or a list of named ones, of which {@code default} is for chats. */
  private static @Nullable String template(FolderJson json) throws ModelLoadException {
    JsonNode found = json.optional(TEMPLATE);
    if (found == null || found.isString()) {
      return json.optionalText(TEMPLATE);
    }
    for (JsonNode named : found) {
      if ("default".equals(named.path("name").asString(""))
          && named.path("template").isString()) {
        return named.path("template").stringValue();
      }
    }
    throw json.fault(TEMPLATE, "a template, or a list with one named \"default\"");
  }

  /** Tokens are plain strings, or objects that hold one. */
  private static String token(FolderJson json, String field) throws ModelLoadException {
    JsonNode found = json.optional(field);
    if (found == null) {
      return "";
    }
    JsonNode text = found.isObject() ? found.path("content") : found;
    if (!text.isString()) {
      throw json.fault(field, "a token's text");
    }
    return text.stringValue();
  }
}
