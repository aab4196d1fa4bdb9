package io.sirocco.embedded.chaos;

/**
 * What is promised about every request.
 *
 * <p>Immutable.
 */
enum Guarantee {
  ONE_END("every answer ends, and not with an error"),
  ONE_HISTORY("a log can be read by everyone, and its usage is what was delivered"),
  READERS_AGREE("early and late readers see the same answer"),
  UNDISTURBED("the answer is that of an undisturbed run"),
  BILLED_ONCE("every request has one committed usage event"),
  BILLED_RIGHT("the tokens billed are those delivered"),
  NO_DEAD_LETTER("nothing is in the dead letters"),
  CLOSED("the group's offsets say that everything is done"),
  NO_STRANGE_END("no process ends unless it was made to");

  private final String claim;

  Guarantee(String claim) {
    this.claim = claim;
  }

  /** The promise, in words. */
  String claim() {
    return claim;
  }
}
