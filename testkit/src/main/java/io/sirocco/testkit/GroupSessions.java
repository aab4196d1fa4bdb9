package io.sirocco.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Says how soon the members of a group of the consumer protocol are missed.
 *
 * <p>The brokers of tests miss them late, as a machine that is busy elsewhere may stand still for
 * seconds; a test that kills members waits less with a shorter session.
 *
 * <p>Immutable.
 */
public final class GroupSessions {
  private GroupSessions() {}

  /** Sets the session timeout of {@code group}, which need not be there yet. */
  public static void set(KafkaBroker broker, String group, Duration timeout)
      throws ExecutionException, InterruptedException {
    AlterConfigOp session = new AlterConfigOp(
        new ConfigEntry("consumer.session.timeout.ms", Long.toString(timeout.toMillis())),
        AlterConfigOp.OpType.SET);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), List.of(session)))
          .all()
          .get();
    }
  }
}
