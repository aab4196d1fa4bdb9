package io.sirocco.embedded.chaos;

import java.util.Collection;

/** Is told of everything that goes wrong, just before it does. */
interface Strikes {
  /**
   * Says that answers may stand still from now on.
   *
   * @param what what goes wrong
   * @param requestPartitions whose answers
   * @param sameWriter whether those that write them may go on, so that their next token counts
   */
  void strike(String what, Collection<Integer> requestPartitions, boolean sameWriter);
}
