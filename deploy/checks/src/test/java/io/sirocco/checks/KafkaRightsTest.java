package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.sirocco.contracts.topic.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Strimzi makes the topics of the wire, and gives each role the rights that docs/security.md lists. */
class KafkaRightsTest {
  private static final Path TOPICS = Repository.file("deploy/kubernetes/kafka/topics.yaml");
  private static final Path USERS = Repository.file("deploy/kubernetes/kafka/users.yaml");
  private static final String MODEL = "demo";

  @Test
  void everyTopicOfTheWireIsMadeAndNoOther() {
    List<String> wire = WireDocument.read().topics().keySet().stream()
        .map(topic -> topic.replace("<model>", MODEL))
        .filter(topic -> !topic.contains("<client>"))
        .toList();

    assertThat(Repository.documents(TOPICS))
        .extracting(topic -> Tree.text(topic, "metadata.name"))
        .containsExactlyInAnyOrderElementsOf(wire);
  }

  @Test
  void usageHasThePartitionsThatItKeeps() {
    assertThat(Repository.documents(TOPICS))
        .filteredOn(topic -> List.of(Topics.USAGE, Topics.RECEIPTS, Topics.CORRECTIONS)
            .contains(Tree.text(topic, "metadata.name")))
        .hasSize(3)
        .allSatisfy(topic ->
            assertThat(Tree.find(topic, "spec.partitions")).isEqualTo(Topics.USAGE_PARTITIONS));
  }

  @Test
  void topicsOfStatesAreCompacted() {
    assertThat(Repository.documents(TOPICS))
        .filteredOn(topic -> List.of(
                Topics.MODELS, Topics.CONTROL, Topics.STREAMS, Topics.PRICES, Topics.USAGE_BY_USER)
            .contains(Tree.text(topic, "metadata.name")))
        .hasSize(5)
        .allSatisfy(topic -> assertThat(
                String.valueOf(Tree.object(Tree.find(topic, "spec.config")).get("cleanup.policy")))
            .startsWith("compact"));
  }

  @Test
  void documentListsEveryRight() {
    String document = Repository.text("docs/security.md");

    for (Map<String, Object> user : Repository.documents(USERS)) {
      String name = Tree.text(user, "metadata.name");
      assertThat(document).contains("`" + name + "`");
      String section = section(document, name);
      List<String> rows = Tree.objects(Tree.find(user, "spec.authorization.acls")).stream()
          .map(KafkaRightsTest::row)
          .toList();
      assertThat(rows).allSatisfy(row -> assertThat(section).contains(row));
      assertThat(section.lines().filter(line -> line.startsWith("| ")).count())
          .as("rows of %s", name)
          .isEqualTo(rows.size() + 1);
    }
  }

  @Test
  void nobodyMayDoEverything() {
    assertThat(Repository.text(USERS)).doesNotContain("All").doesNotContain("name: \"*\"");
  }

  @Test
  void backendReadsNoAnswerButItsOwn() {
    Map<String, Object> backend = Repository.documents(USERS).stream()
        .filter(user -> Tree.text(user, "metadata.name").equals("sirocco-backend-shop"))
        .findFirst()
        .orElseThrow();

    assertThat(Tree.objects(Tree.find(backend, "spec.authorization.acls")))
        .extracting(acl -> Tree.text(acl, "resource.name"))
        .filteredOn(name -> name.startsWith(Topics.REPLIES_PREFIX))
        .containsExactly(Topics.REPLIES_PREFIX + "shop-");
  }

  /** Who writes on reply logs can say what an answer was, and so what it costs. */
  @Test
  void onlyWorkersWriteAnswers() {
    assertThat(Repository.documents(USERS))
        .filteredOn(user -> Tree.objects(Tree.find(user, "spec.authorization.acls")).stream()
            .anyMatch(KafkaRightsTest::writesAnswers))
        .extracting(user -> Tree.text(user, "metadata.name"))
        .containsExactly("sirocco-worker");
  }

  private static boolean writesAnswers(Map<String, Object> acl) {
    String name = Tree.text(acl, "resource.name");
    boolean prefix = Tree.text(acl, "resource.patternType").equals("prefix");
    return Tree.text(acl, "resource.type").equals("topic")
        && Tree.text(acl, "operations").contains("Write")
        && (name.startsWith(Topics.REPLIES_PREFIX)
            || (prefix && Topics.REPLIES_PREFIX.startsWith(name)));
  }

  private static String row(Map<String, Object> acl) {
    Object name = Tree.find(acl, "resource.name");
    boolean prefix = Objects.equals(Tree.find(acl, "resource.patternType"), "prefix");
    return "| %s | %s | %s |"
        .formatted(
            Tree.text(acl, "resource.type"),
            name == null ? "" : "`" + name + "`" + (prefix ? "*" : ""),
            Tree.text(acl, "operations").replace("[", "").replace("]", ""));
  }

  private static String section(String document, String user) {
    int begin = document.indexOf("`" + user + "`: ");
    assertThat(begin).as(user).isNotNegative();
    int table = document.indexOf("\n| ", begin);
    return document.substring(table, document.indexOf("\n\n", table));
  }
}
