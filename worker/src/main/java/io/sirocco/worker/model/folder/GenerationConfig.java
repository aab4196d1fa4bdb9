package io.sirocco.worker.model.folder;

import io.sirocco.worker.model.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What the folder says about generating: the tokens that end an answer.
 *
 * <p>Immutable.
 *
 * @param eosTokenIds the end-of-sequence tokens; empty when the folder names none, and answers then
 *     end by their length only
 */
public record GenerationConfig(Set<Integer> eosTokenIds) {
  private static final String EOS = "eos_token_id";

  public GenerationConfig {
    eosTokenIds = Set.copyOf(eosTokenIds);
  }

  /** Reads {@code generation_config.json}, and {@code config.json} where that is silent. */
  static GenerationConfig read(Path folder) throws ModelLoadException {
    for (String name : new String[] {"generation_config.json", "config.json"}) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        FolderJson json = FolderJson.read(file);
        if (json.optional(EOS) != null) {
          return new GenerationConfig(ids(json));
        }
      }
    }
    return new GenerationConfig(Set.of());
  }

  private static Set<Integer> ids(FolderJson json) throws ModelLoadException {
    JsonNode found = json.root().path(EOS);
    Set<Integer> ids = new LinkedHashSet<>();
    for (JsonNode id : found.isArray() ? found : Set.of(found)) {
      if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
        throw json.fault(EOS, "a token id or a list of them");
      }
      ids.add(id.intValue());
    }
    return ids;
  }
}
