package io.sirocco.embedded.chaos;

/**
 * A guarantee that did not hold.
 *
 * <p>Immutable.
 *
 * @param guarantee which one
 * @param requestId the request that it was broken for; a process or a topic where it is none
 * @param found what was expected and what was found
 */
record Violation(Guarantee guarantee, String requestId, String found) {}
