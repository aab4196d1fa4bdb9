package io.sirocco.worker.closing;

import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.IllegalGenerationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;

/**
 * Tells the faults of a closing apart.
 *
 * <p>Immutable.
 */
final class CloseFaults {
  private static final Set<Class<?>> REFUSED = Set.of(
      CommitFailedException.class,
      FencedInstanceIdException.class,
      IllegalGenerationException.class,
      UnknownMemberIdException.class);

  private CloseFaults() {}

  /** Whether the next owner of the partition has begun: nothing can be closed any more. */
  static boolean isFenced(Throwable fault) {
    return isOf(Set.of(ProducerFencedException.class), fault);
  }

  /** Whether the group does not know the member in whose name the offset was to be committed. */
  static boolean isRefused(Throwable fault) {
    return isOf(REFUSED, fault);
  }

  private static boolean isOf(Set<Class<?>> faults, Throwable fault) {
    for (@Nullable Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (faults.contains(cause.getClass())) {
        return true;
      }
    }
    return false;
  }
}
