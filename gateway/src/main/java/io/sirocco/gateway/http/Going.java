package io.sirocco.gateway.http;

/**
 * What happens when a response ends: one of the two is run, once or more.
 *
 * <p>Immutable.
 *
 * @param whenGone the reader went away, and the answer goes on
 * @param whenOver the response has ended in any other way
 */
record Going(Runnable whenGone, Runnable whenOver) {}
