package io.sirocco.worker.intake;

import io.sirocco.contracts.model.ModelNames;
import java.util.regex.Pattern;

/**
 * What a worker takes from requesters, and what it does not.
 *
 * <p>Immutable.
 *
 * @param names the name under which the model answers, and those it may be asked for by
 * @param allowedReplyTopics the reply topics that may be written to
 * @param users where the name of the user who pays is taken from
 */
public record IntakePolicy(ModelNames names, Pattern allowedReplyTopics, UserSource users) {}
