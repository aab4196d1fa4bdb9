package io.sirocco.worker.intake;

import java.util.regex.Pattern;

/**
 * What a worker takes from requesters, and what it does not.
 *
 * <p>Immutable.
 *
 * @param model the name under which the model answers
 * @param allowedReplyTopics the reply topics that may be written to
 * @param users where the name of the user who pays is taken from
 */
public record IntakePolicy(String model, Pattern allowedReplyTopics, UserSource users) {}
