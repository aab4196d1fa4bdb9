package io.sirocco.worker.reply;

/**
 * All that the writer of an answer needs to share its log with others.
 *
 * <p>Immutable.
 *
 * @param writer appends to it
 * @param reader reads what is there
 * @param proof says whether the request is still this worker's
 * @param delays waits before what failed is tried again
 */
public record ReplyLogAccess(
    ReplyWriter writer, ReplyLogReader reader, OwnershipProof proof, Delays delays) {}
