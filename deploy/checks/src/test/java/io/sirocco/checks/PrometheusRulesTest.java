package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Prometheus takes our rules, and they fire on what they are for. */
class PrometheusRulesTest {
  private static final List<Path> RULES =
      Repository.files("deploy/prometheus/rules", name -> name.endsWith(".yml"));
  private static final Path CASES = Repository.file("deploy/prometheus/tests/sirocco-rules.yml");

  @Test
  void promtoolTakesTheRules() throws Exception {
    assertThat(Tool.promtool()
            .run(List.of("check", "rules", "--lint-fatal"), RULES)
            .status())
        .isZero();
  }

  @Test
  void promtoolRefusesAPlantedRule() throws Exception {
    assertThat(Tool.promtool()
            .run(List.of("check", "rules"), List.of(Repository.planted("rules.yml")))
            .status())
        .isNotZero();
  }

  @Test
  void promtoolTakesTheConfiguration() throws Exception {
    Path file = Repository.file("deploy/prometheus/prometheus.yml");

    assertThat(Tool.promtool().run(List.of("check", "config"), List.of(file)).status())
        .isZero();
  }

  @Test
  void everyAlertFiresOnItsFaultAndNoneOnASystemThatIsWell() throws Exception {
    Tool.Findings findings = Tool.promtool().run(List.of("test", "rules"), List.of(CASES));

    assertThat(findings.status()).as(findings.output()).isZero();
  }

  @Test
  void caseThatFailsIsTold() throws Exception {
    assertThat(Tool.promtool()
            .run(List.of("test", "rules"), List.of(Repository.planted("rules-test.yml")))
            .status())
        .isNotZero();
  }

  @Test
  void everyAlertHasACaseThatRaisesIt() {
    String cases = Repository.text(CASES);

    assertThat(alerts())
        .isNotEmpty()
        .allSatisfy(alert -> assertThat(cases)
            .contains(
                "{alertname=\"%s\", alertstate=\"firing\"}".formatted(Tree.text(alert, "alert"))));
  }

  @Test
  void everyAlertHasARunbookThatBearsItsName() {
    assertThat(alerts()).allSatisfy(alert -> {
      Path runbook = Repository.file(Tree.text(alert, "annotations.runbook"));
      assertThat(Files.isRegularFile(runbook)).as(runbook.toString()).isTrue();
      assertThat(Repository.text(runbook)).startsWith("# " + Tree.text(alert, "alert") + "\n");
      assertThat(Repository.text("docs/runbooks/README.md"))
          .contains("(" + runbook.getFileName() + ")");
    });
  }

  private static List<Map<String, Object>> alerts() {
    return RULES.stream()
        .flatMap(file -> Repository.documents(file).stream())
        .flatMap(file -> Tree.objects(file.get("groups")).stream())
        .flatMap(group -> Tree.objects(group.get("rules")).stream())
        .filter(rule -> rule.containsKey("alert"))
        .toList();
  }
}
