package io.sirocco.embedded.load;

/**
 * Is told how far a step is.
 *
 * <p>Called on the thread that runs the step.
 */
public interface LoadProgress {
  /**
   * The step goes on.
   *
   * @param part how much of its time is over, from 0 to 1
   * @param ended how many answers have ended, completely or not
   * @param open how many are asked for and have not ended
   */
  void step(Load load, double part, int ended, int open);
}
