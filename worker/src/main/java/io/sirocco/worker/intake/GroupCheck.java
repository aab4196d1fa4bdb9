package io.sirocco.worker.intake;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how long a group waits for a member that is not heard of: for so long nobody goes on with
 * the answers of a worker that died. In the newer protocol only the brokers can say so, and by default
 * they wait for 45 seconds.
 *
 * <p>Immutable.
 */
public final class GroupCheck {
  /** What workers ask for in the classic protocol, the least that brokers allow by default. */
  public static final Duration CLASSIC_SESSION = Duration.ofSeconds(6);

  private static final Duration UNKNOWN_SESSION = Duration.ofSeconds(45);
  private static final Duration SLOW = Duration.ofSeconds(10);
  private static final String OF_GROUP = "consumer.session.timeout.ms";
  private static final String OF_BROKERS = "group.consumer.session.timeout.ms";

  private final Admin admin;
  private final String group;

  /** Looks at {@code group}. */
  public GroupCheck(Admin admin, String group) {
    this.admin = admin;
    this.group = group;
  }

  /** Returns the session of a member; that of Kafka's defaults when the brokers do not tell. */
  public GroupSession session(GroupProtocol protocol) throws InterruptedException {
    if (protocol == GroupProtocol.CLASSIC) {
      return new GroupSession(protocol, CLASSIC_SESSION);
    }
    Optional<Duration> ofGroup =
        look(new ConfigResource(ConfigResource.Type.GROUP, group), OF_GROUP);
    Optional<Duration> found = ofGroup.isPresent() ? ofGroup : ofBrokers();
    return new GroupSession(protocol, found.orElse(UNKNOWN_SESSION));
  }

  /** Returns what is to be said of {@code session} when it makes takeovers slow. */
  public Optional<String> warning(GroupSession session) {
    return session.timeout().compareTo(SLOW) <= 0
        ? Optional.empty()
        : Optional.of(
            "when a worker dies its answers stand still for %d s: expected a session timeout of at most %d s, found it at %s of group %s, or %s of the brokers if that is not set; lower it there, or set worker.group-protocol to classic"
                .formatted(
                    session.timeout().toSeconds(), SLOW.toSeconds(), OF_GROUP, group, OF_BROKERS));
  }

  private Optional<Duration> ofBrokers() throws InterruptedException {
    try {
      for (Node node : admin.describeCluster().nodes().get()) {
        return look(new ConfigResource(ConfigResource.Type.BROKER, node.idString()), OF_BROKERS);
      }
    } catch (ExecutionException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** Who may not look, or asks brokers that do not know the question, is told nothing. */
  private Optional<Duration> look(ConfigResource where, String name) throws InterruptedException {
    try {
      @Nullable
      Config config = admin.describeConfigs(List.of(where)).all().get().get(where);
      return Optional.ofNullable(config)
          .map(all -> all.get(name))
          .map(ConfigEntry::value)
          .map(Long::parseLong)
          .map(Duration::ofMillis);
    } catch (ExecutionException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
