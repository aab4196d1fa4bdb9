package io.sirocco.worker.reply;

/**
 * Where an answer is wanted.
 *
 * <p>Immutable.
 *
 * @param topic a reply topic that the allow-list accepts
 * @param partition from 0
 */
public record ReplyAddress(String topic, int partition) {}
