package io.sirocco.embedded.doctor;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The commands of Kafka's own tools that change what is wrong.
 *
 * <p>Immutable.
 *
 * @param servers where the brokers are
 */
record KafkaCommands(String servers) {

  /** Sets {@code settings}, such as {@code retention.ms=-1}, of a topic. */
  String setTopic(String topic, String... settings) {
    return configs("topics --entity-name " + topic, settings);
  }

  /** Sets a setting of a group. */
  String setGroup(String group, String setting) {
    return configs("groups --entity-name " + group, setting);
  }

  /** Sets a setting of all brokers that can be set while they run. */
  String setBrokers(String setting) {
    return configs("brokers --entity-default", setting);
  }

  /** Makes a topic; {@code more} are further options. */
  String createTopic(String topic, String more) {
    return "kafka-topics.sh --bootstrap-server %s --create --topic %s%s"
        .formatted(servers, topic, more.isEmpty() ? "" : " " + more);
  }

  /** Raises a feature of the cluster. */
  String upgrade(String feature) {
    return "kafka-features.sh --bootstrap-server %s upgrade --feature %s"
        .formatted(servers, feature);
  }

  /** Gives {@code operation} on what {@code resource} says, such as {@code --topic chat.usage}. */
  String allow(String operation, String resource) {
    return "kafka-acls.sh --bootstrap-server %s --add --allow-principal User:NAME --operation %s %s"
        .formatted(servers, operation, resource);
  }

  /** How Kafka's tool wants an operation written: {@code DESCRIBE_CONFIGS} as {@code DescribeConfigs}. */
  static String operation(String name) {
    StringBuilder written = new StringBuilder();
    for (String word : name.split("_", -1)) {
      written.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return written.toString();
  }

  private String configs(String entity, String... settings) {
    String joined =
        Stream.of(settings).map(KafkaCommands::bracketed).collect(Collectors.joining(","));
    return "kafka-configs.sh --bootstrap-server %s --alter --entity-type %s --add-config %s"
        .formatted(servers, entity, joined.contains("[") ? "'" + joined + "'" : joined);
  }

  /** Kafka's tool takes a list as one value in brackets. */
  private static String bracketed(String setting) {
    int value = setting.indexOf('=') + 1;
    return setting.contains(",")
        ? setting.substring(0, value) + "[" + setting.substring(value) + "]"
        : setting;
  }
}
