package io.sirocco.worker.intake;

import io.sirocco.worker.reply.ReplyAddress;
import io.sirocco.worker.reply.ReplyLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The reply logs that this worker answers in. A requester may send a request twice: two records with one
 * id and one log, of which each would take the other one's answer for that of an earlier owner, and
 * outbid it. So the second waits for the first.
 *
 * <p>Confined to the intake thread.
 */
final class OpenLogs {
  private record Key(ReplyAddress address, String requestId) {}

  private final Map<Key, List<InFlight>> records = new HashMap<>();
  private final Map<InFlight, Key> keys = new HashMap<>();

  /** Whether {@code record} is the first of its log; otherwise it waits for that. */
  boolean enter(InFlight record, ReplyLog log) {
    Key key = new Key(log.address(), log.requestId());
    keys.put(record, key);
    List<InFlight> same = records.computeIfAbsent(key, unused -> new ArrayList<>());
    same.add(record);
    return same.size() == 1;
  }

  /** Takes {@code record} out, and those that waited for it, which are returned. */
  List<InFlight> leave(InFlight record) {
    Key key = keys.remove(record);
    if (key == null) {
      return List.of();
    }
    List<InFlight> same = records.getOrDefault(key, new ArrayList<>());
    boolean first = same.indexOf(record) == 0;
    same.remove(record);
    if (!first) {
      return List.of();
    }
    records.remove(key);
    same.forEach(keys::remove);
    return same;
  }
}
