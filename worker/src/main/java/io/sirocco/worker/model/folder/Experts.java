package io.sirocco.worker.model.folder;

import io.sirocco.worker.model.ModelLoadException;

/**
 * How many experts a feed-forward has, and how many of them compute a token.
 *
 * <p>Immutable.
 *
 * @param count the experts of a layer
 * @param perToken how many of them a token is sent to; at most {@code count}
 */
public record Experts(int count, int perToken) {
  private static final String PER_TOKEN = "num_experts_per_tok";

  static Experts read(FolderJson config) throws ModelLoadException {
    int count = config.positiveInt("num_local_experts");
    int perToken = config.positiveInt(PER_TOKEN);
    if (perToken > count) {
      throw config.fault(PER_TOKEN, "at most " + count + " experts");
    }
    return new Experts(count, perToken);
  }
}
