package io.sirocco.testkit;

import io.sirocco.broker.BrokerSecurity;
import io.sirocco.broker.EmbeddedKafka;
import io.sirocco.broker.EmbeddedKafkaSettings;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;

/**
 * An embedded broker that lets nobody in without a password over TLS, and nobody do anything without
 * a right.
 *
 * <p>Certificate and passwords are made for this one run.
 *
 * <p>Thread-safe.
 */
public final class SecuredKafka implements KafkaBroker {
  private static final String OPERATOR = "super-user";

  private final EmbeddedKafka kafka;
  private final BrokerSecurity security;

  private SecuredKafka(EmbeddedKafka kafka, BrokerSecurity security) {
    this.kafka = kafka;
    this.security = security;
  }

  /**
   * Starts a broker.
   *
   * @param mechanism {@code SCRAM-SHA-256} or {@code SCRAM-SHA-512}
   * @param users who may come in, and do nothing yet
   * @param folder for the certificate
   */
  public static SecuredKafka start(String mechanism, Set<String> users, Path folder)
      throws Exception {
    String password = secret();
    BrokerCertificate certificate = BrokerCertificate.make(folder, password);
    Map<String, String> passwords = new HashMap<>(Map.of(OPERATOR, secret()));
    users.forEach(user -> passwords.put(user, secret()));
    BrokerSecurity security = new BrokerSecurity(
        mechanism, certificate.keyStore(), password, certificate.pem(), OPERATOR, passwords);
    return new SecuredKafka(
        EmbeddedKafka.start(EmbeddedKafkaSettings.defaults().withSecurity(security)), security);
  }

  /** Gives rights; returns when they hold. */
  public void allow(Collection<AclBinding> rights) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(new HashMap<>(clientProperties()))) {
      admin.createAcls(rights).all().get();
    }
  }

  /** What a client needs to connect as {@code user}. */
  public Map<String, String> clientProperties(String user) {
    Map<String, String> properties = new HashMap<>(security.clientProperties(user));
    properties.put("bootstrap.servers", bootstrapServers());
    return properties;
  }

  /** For one who may do everything. */
  @Override
  public Map<String, String> clientProperties() {
    return clientProperties(OPERATOR);
  }

  @Override
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  @Override
  public void close() {
    kafka.close();
  }

  private static String secret() {
    return UUID.randomUUID().toString();
  }
}
