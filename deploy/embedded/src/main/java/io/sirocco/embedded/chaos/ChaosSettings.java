package io.sirocco.embedded.chaos;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a run is told.
 *
 * <p>Immutable.
 *
 * @param mode what goes wrong
 * @param streams how many answers are waited for at any time
 * @param workers how many workers there are at any time, those that are starting included
 * @param length how long things go wrong
 * @param seed chooses victims and questions
 * @param model the folder of the checkpoint
 * @param patience how long nothing may happen before answers that have not ended count as lost
 * @param haltAtClose the close in which a worker ends between its offsets and their commit, counted
 *     from 1 in each worker; 0: left to chance in mode {@link ChaosMode#KILL}, none in others
 */
public record ChaosSettings(
    ChaosMode mode,
    int streams,
    int workers,
    Duration length,
    long seed,
    Path model,
    Duration patience,
    int haltAtClose) {
  /** As the brokers of this command have it; a worker that is silent for longer is replaced. */
  static final Duration SESSION_TIMEOUT = Duration.ofSeconds(3);

  /** The name under which the workers serve the model. */
  static final String MODEL = "chaos";

  /** So that every worker has some, also while one is away. */
  int requestPartitions() {
    return 2 * workers;
  }
}
