package io.sirocco.embedded;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.slf4j.LoggerFactory;

/**
 * What the broker of this process was asked for, and by whom, as its authorizer logs it.
 *
 * <p>Thread-safe.
 */
final class BrokerAudit extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final Pattern LINE = Pattern.compile(
      "Principal = User:(\\S+) is (Allowed|Denied) operation = (\\w+) from host = \\S+"
          + " on resource = (\\w+):LITERAL:(\\S+) for request = (\\w+) .*");

  private final Logger logger = (Logger) LoggerFactory.getLogger("kafka.authorizer.logger");
  private final Set<Access> accesses = ConcurrentHashMap.newKeySet();

  /** One access; how often does not count. */
  record Access(
      String user,
      boolean allowed,
      AclOperation operation,
      ResourceType type,
      String name,
      String request) {

    /** Whether {@code right} is what allows it. */
    boolean isBy(AclBinding right) {
      boolean named = right.pattern().patternType() == PatternType.PREFIXED
          ? name.startsWith(right.pattern().name())
          : name.equals(right.pattern().name());
      return right.entry().principal().equals("User:" + user)
          && right.entry().operation() == operation
          && right.pattern().resourceType() == type
          && named;
    }
  }

  /** Begins to listen. */
  static BrokerAudit open() {
    BrokerAudit audit = new BrokerAudit();
    audit.start();
    audit.logger.setLevel(Level.DEBUG);
    audit.logger.setAdditive(false);
    audit.logger.addAppender(audit);
    return audit;
  }

  /** All that was seen so far. */
  Set<Access> accesses() {
    return Set.copyOf(accesses);
  }

  @Override
  protected void append(ILoggingEvent event) {
    Matcher line = LINE.matcher(event.getFormattedMessage());
    if (line.matches()) {
      accesses.add(new Access(
          line.group(1),
          line.group(2).equals("Allowed"),
          AclOperation.fromString(line.group(3)),
          ResourceType.fromString(KafkaManifests.constant(line.group(4))),
          line.group(5),
          line.group(6)));
    }
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setLevel(null);
    logger.setAdditive(true);
    stop();
  }
}
