package io.sirocco.worker.reply;

import io.sirocco.contracts.reply.WaitEstimate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the readers of an answer that is not taken up yet how long they wait.
 *
 * <p>News stands in the log before the first start, which is then not the log's first record, though
 * nobody else was here: so the places of the own records are counted.
 *
 * <p>Confined to the reply thread.
 */
final class WaitingNews {
  private static final Logger log = LoggerFactory.getLogger(WaitingNews.class);

  private final ReplyHead head;
  private final AnswerRecords records;
  private final ReplyLogAccess access;
  private final LaneThread thread;
  private boolean onItsWay;
  private boolean over;

  /** Behind the own records, if these are all that the log holds; -1 when that is not known. */
  private long next;

  WaitingNews(ReplyHead head, AnswerRecords records, ReplyLogAccess access, LaneThread thread) {
    this.head = head;
    this.records = records;
    this.access = access;
    this.thread = thread;
    this.next = head.log().begin().orElse(-1);
  }

  /** Tells them, unless the answer was taken up, or they were told a moment ago. */
  void tell(WaitEstimate estimate) {
    if (!over && !onItsWay && access.writer().hasRoom()) {
      onItsWay = true;
      thread.then(
          access.writer().awaitWritable(head.log()), writable -> write(estimate), this::failed);
    }
  }

  private void write(WaitEstimate estimate) {
    if (over) {
      return;
    }
    thread.then(
        access.writer().send(records.progress(estimate)),
        offset -> {
          onItsWay = false;
          next = isFirst(offset) ? next + 1 : -1;
        },
        this::failed);
  }

  /** Whoever takes the request up finds out more about it. */
  private void failed(Throwable fault) {
    log.debug("news not written request={}", head.requestId(), fault);
    over = true;
  }

  /** Writes nothing more: the answer is taken up, or let go of. */
  void end() {
    over = true;
  }

  /** Whether a first start that is acknowledged at {@code offset} says that nobody else was here. */
  boolean isFirst(long offset) {
    return offset >= 0 && offset == next;
  }
}
