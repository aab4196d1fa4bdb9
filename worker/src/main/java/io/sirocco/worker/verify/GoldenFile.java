package io.sirocco.worker.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prompts with the logits and the greedy continuations that a reference implementation computed.
 *
 * <p>Immutable.
 *
 * @param cases at least one
 */
public record GoldenFile(List<GoldenCase> cases) {

  public GoldenFile {
    cases = List.copyOf(cases);
  }

  /**
   * Reads a file.
   *
   * @throws IOException one line that names the file and the fault
   */
  public static GoldenFile read(Path file) throws IOException {
    try {
      JsonNode json = JsonMapper.shared().readTree(Files.readAllBytes(file)).path("cases");
      List<GoldenCase> cases = new ArrayList<>();
      for (JsonNode node : json) {
        cases.add(GoldenCaseReader.read(node, cases.size()));
      }
      if (cases.isEmpty()) {
        throw new IOException(file + ": expected \"cases\" with prompts, found none");
      }
      return new GoldenFile(cases);
    } catch (JacksonException e) {
      throw new IOException(file + ": expected JSON: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** The most tokens that a sequence of any case needs. */
  public int contextTokens() {
    return cases.stream().mapToInt(GoldenCase::tokens).max().orElseThrow();
  }
}
