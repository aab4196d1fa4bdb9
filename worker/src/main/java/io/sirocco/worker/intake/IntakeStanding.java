package io.sirocco.worker.intake;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the intake stands, for those who look on.
 *
 * <p>Immutable.
 *
 * @param atNanos when that was, by the intake's clock
 * @param partitions the partitions that are assigned and open
 * @param fenced how many of them are assigned, and closed by somebody else
 * @param oldestMillis the timestamp of the oldest request that is in progress; {@link Long#MAX_VALUE}
 *     when none is
 */
public record IntakeStanding(
    long atNanos, Map<TopicPartition, Partition> partitions, int fenced, long oldestMillis) {
  public IntakeStanding {
    partitions = Map.copyOf(partitions);
  }

  /**
   * How far a partition is.
   *
   * <p>Immutable.
   *
   * @param open how many requests below {@code reach} are not closed
   * @param reach nothing from here on was taken up
   */
  public record Partition(int open, long reach) {
    /** How many requests are not closed, when the partition goes from {@code begin} to {@code end}. */
    public long lag(long begin, long end) {
      return Math.max(0, end - Math.max(reach, begin)) + open;
    }
  }
}
