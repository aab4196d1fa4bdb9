package io.sirocco.worker.reply;

import io.sirocco.contracts.error.ErrorCode;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The last record of an answer, made when all others are acknowledged, and what takes its place if it
 * is too large.
 *
 * <p>Confined to the reply thread.
 *
 * @param code that of an error, or null
 * @param make makes it
 * @param shorter what takes its place, given why; null when it is as short as can be
 */
record Terminal(
    @Nullable ErrorCode code,
    Supplier<ProducerRecord<String, byte[]>> make,
    @Nullable Function<Throwable, Terminal> shorter) {

  /** That of a complete answer, whose text readers have in the deltas already. */
  static Terminal complete(AnswerRecords records) {
    return new Terminal(
        null,
        records::end,
        whole -> new Terminal(null, records::shortEnd, fault -> tooLarge(records, fault)));
  }

  /** That of an answer that failed. */
  static Terminal error(
      AnswerRecords records, ErrorCode code, String message, @Nullable String field) {
    return new Terminal(
        code,
        () -> records.error(code, message, field),
        fault -> shortError(records, code, RecordLimit.describe(fault)));
  }

  /** That of an answer of which a record was too large. */
  static Terminal tooLarge(AnswerRecords records, Throwable fault) {
    return shortError(records, RecordLimit.CODE, RecordLimit.describe(fault));
  }

  private static Terminal shortError(AnswerRecords records, ErrorCode code, String message) {
    return new Terminal(code, () -> records.error(code, message, null), null);
  }

  /** What takes its place after {@code fault}, or null when nothing can. */
  @Nullable
  Terminal after(Throwable fault) {
    return shorter != null && RecordLimit.isExceeded(fault) ? shorter.apply(fault) : null;
  }

  /** What an answer used that ended like that. */
  AnswerTotals totals(AnswerTally tally) {
    return code == null ? tally.totals() : tally.totals(code.code());
  }
}
