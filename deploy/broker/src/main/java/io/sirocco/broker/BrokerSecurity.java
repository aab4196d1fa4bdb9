package io.sirocco.broker;

import static java.util.Map.entry;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a broker demands of its clients: TLS, a user with a password by SASL/SCRAM, and a right for
 * whatever they do.
 *
 * <p>Passwords reach the broker when its folder is formatted; a folder that was formatted before
 * keeps the users that it has.
 *
 * <p>Immutable.
 *
 * @param mechanism {@code SCRAM-SHA-256} or {@code SCRAM-SHA-512}
 * @param keyStore PKCS #12 file with the broker's certificate, which names 127.0.0.1, and its key
 * @param keyStorePassword of that file and of the key
 * @param certificate PEM file with whom everybody trusts: the broker's certificate, or who signed it
 * @param superUser who needs no right, and whom the broker is to itself; one of the users
 * @param passwords those of the users, by name
 */
public record BrokerSecurity(
    String mechanism,
    Path keyStore,
    String keyStorePassword,
    Path certificate,
    String superUser,
    Map<String, String> passwords) {

  public BrokerSecurity {
    if (!mechanism.matches("SCRAM-SHA-(256|512)")) {
      throw new IllegalArgumentException(
          "expected SCRAM-SHA-256 or SCRAM-SHA-512, found " + mechanism);
    }
    passwords = Map.copyOf(passwords);
    if (!passwords.containsKey(superUser)) {
      throw new IllegalArgumentException(
          "expected '%s' among the users, found %s".formatted(superUser, passwords.keySet()));
    }
  }

  /**
   * Returns what a client needs to be let in as {@code user}, beside the address.
   *
   * @throws IllegalArgumentException if there is no such user
   */
  public Map<String, String> clientProperties(String user) {
    return Map.ofEntries(
        entry("security.protocol", "SASL_SSL"),
        entry("sasl.mechanism", mechanism),
        entry("sasl.jaas.config", login(user)),
        entry("ssl.truststore.type", "PEM"),
        entry("ssl.truststore.location", certificate.toString()));
  }

  /** The properties of a broker whose clients come in by the listener {@code name}. */
  Map<String, String> brokerProperties(String name) {
    String listener = "listener.name." + name.toLowerCase(Locale.ROOT) + ".";
    return Map.ofEntries(
        entry("sasl.enabled.mechanisms", mechanism),
        entry("sasl.mechanism.inter.broker.protocol", mechanism),
        entry(
            listener + mechanism.toLowerCase(Locale.ROOT) + ".sasl.jaas.config", login(superUser)),
        entry("ssl.keystore.type", "PKCS12"),
        entry("ssl.keystore.location", keyStore.toString()),
        entry("ssl.keystore.password", keyStorePassword),
        entry("ssl.key.password", keyStorePassword),
        entry("ssl.truststore.type", "PEM"),
        entry("ssl.truststore.location", certificate.toString()),
        entry("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
        // Nobody but this node itself reaches its controller, and there it has no name.
        entry("super.users", "User:" + superUser + ";User:ANONYMOUS"));
  }

  /** The users, as a folder is formatted with them. */
  List<String> scramUsers() {
    Stream<String> users = passwords.entrySet().stream()
        .map(user ->
            "%s=[name=%s,password=%s]".formatted(mechanism, user.getKey(), user.getValue()));
    return users.toList();
  }

  private String login(String user) {
    String password = passwords.get(user);
    if (password == null) {
      throw new IllegalArgumentException(
          "expected one of the users %s, found '%s'".formatted(passwords.keySet(), user));
    }
    return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
        .formatted(user, password);
  }

  /** Leaves out the passwords. */
  @Override
  public String toString() {
    return "BrokerSecurity[mechanism=%s, users=%s]".formatted(mechanism, passwords.keySet());
  }
}
