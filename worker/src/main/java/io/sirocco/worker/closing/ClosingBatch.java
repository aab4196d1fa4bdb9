package io.sirocco.worker.closing;

import io.sirocco.worker.offsets.CommitMetadata;
import io.sirocco.worker.offsets.Progress;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * What is closed in one transaction; one that closes nothing proves who owns the partition.
 *
 * <p>Immutable.
 *
 * @param closings of requests that are done
 * @param progress of the partition, these requests included
 * @param group in whose name it is committed
 */
public record ClosingBatch(List<Closing> closings, Progress progress, ConsumerGroupMetadata group) {

  public ClosingBatch {
    closings = List.copyOf(closings);
  }

  /** Returns the offset to be committed, with what is done above it. */
  OffsetAndMetadata offset() {
    return new OffsetAndMetadata(
        progress.watermark(), CommitMetadata.write(progress, CommitMetadata.BROKER_DEFAULT_CHARS));
  }
}
