package io.sirocco.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The topics, users and rights that Strimzi is told to make, for the broker of a test. */
final class KafkaManifests {
  private static final Path FOLDER = Path.of("..", "kubernetes", "kafka");

  private KafkaManifests() {}

  /** The topics, in one copy each. */
  static List<NewTopic> topics() throws IOException {
    return documents("topics.yaml").stream().map(KafkaManifests::topic).toList();
  }

  /** The rights of each user, by the user's name. */
  static Map<String, List<AclBinding>> rights() throws IOException {
    Map<String, List<AclBinding>> rights = new TreeMap<>();
    for (JsonNode user : documents("users.yaml")) {
      String name = user.path("metadata").path("name").asString();
      List<AclBinding> his = new ArrayList<>();
      for (JsonNode right : user.path("spec").path("authorization").path("acls")) {
        for (JsonNode operation : right.path("operations")) {
          his.add(right(name, right.path("resource"), operation.asString()));
        }
      }
      rights.put(name, his);
    }
    return rights;
  }

  /** The same rights for another user, with {@code from} in the names of resources replaced. */
  static List<AclBinding> ofAnother(List<AclBinding> rights, String user, String from, String to) {
    return rights.stream()
        .map(right -> right(
            user,
            new ResourcePattern(
                right.pattern().resourceType(),
                right.pattern().name().replace(from, to),
                right.pattern().patternType()),
            right.entry().operation()))
        .toList();
  }

  /** The name of an enum's constant for {@code DescribeConfigs}. */
  static String constant(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
  }

  private static AclBinding right(String user, JsonNode resource, String operation) {
    ResourceType type = ResourceType.fromString(constant(resource.path("type").asString()));
    boolean prefix = resource.path("patternType").asString("").equals("prefix");
    String name = resource.path("name").asString(Resource.CLUSTER_NAME);
    return right(
        user,
        new ResourcePattern(type, name, prefix ? PatternType.PREFIXED : PatternType.LITERAL),
        AclOperation.fromString(constant(operation)));
  }

  private static AclBinding right(String user, ResourcePattern resource, AclOperation operation) {
    return new AclBinding(
        resource, new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
  }

  private static NewTopic topic(JsonNode topic) {
    Map<String, String> config = new HashMap<>();
    JsonNode spec = topic.path("spec");
    spec.path("config")
        .propertyNames()
        .forEach(name -> config.put(name, spec.path("config").path(name).asString()));
    config.remove("min.insync.replicas");
    return new NewTopic(
            topic.path("metadata").path("name").asString(),
            spec.path("partitions").asInt(),
            (short) 1)
        .configs(config);
  }

  private static List<JsonNode> documents(String file) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    JsonMapper mapper = new JsonMapper();
    for (Object document : new Yaml().loadAll(Files.readString(FOLDER.resolve(file)))) {
      if (document != null) {
        documents.add(mapper.valueToTree(document));
      }
    }
    return documents;
  }
}
