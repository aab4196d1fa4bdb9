package io.sirocco.worker.intake;

import java.time.Duration;

/**
 * How a worker is a member of its group.
 *
 * <p>Immutable.
 *
 * @param protocol by which partitions are shared
 * @param timeout after which a member that is not heard of is taken for dead
 */
public record GroupSession(GroupProtocol protocol, Duration timeout) {}
