package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** Grafana's types take our dashboards, and Prometheus their questions. */
class DashboardsTest {
  private static final List<Path> DASHBOARDS =
      Repository.files("deploy/grafana", name -> name.endsWith(".json"));

  @TempDir
  private Path folder;

  @Test
  void typesOfGrafanaTakeThem() throws Exception {
    Tool.Findings findings = Tool.linter("dashboard").run(List.of(), DASHBOARDS);

    assertThat(findings.output()).isEmpty();
    assertThat(findings.status()).isZero();
  }

  @Test
  void typesOfGrafanaRefuseAMemberThatTheyDoNotKnow() throws Exception {
    Tool.Findings findings =
        Tool.linter("dashboard").run(List.of(), List.of(Repository.planted("dashboard.json")));

    assertThat(findings.output()).contains("refreshEvery");
    assertThat(findings.status()).isOne();
  }

  @Test
  void promtoolTakesEveryQuestion() throws Exception {
    List<String> questions = DASHBOARDS.stream()
        .flatMap(file -> Repository.documents(file).stream())
        .flatMap(dashboard -> Tree.textsOf(dashboard, "expr").stream())
        .toList();

    assertThat(questions).hasSizeGreaterThan(30);
    Tool.Findings findings = checked(questions);
    assertThat(findings.status()).as(findings.output()).isZero();
  }

  @Test
  void promtoolRefusesAQuestionThatIsNone() throws Exception {
    assertThat(checked(List.of("sum by (x (sirocco_lag_records)")).status()).isNotZero();
  }

  @Test
  void panelsAreNumberedAndDoNotOverlap() {
    assertThat(DASHBOARDS).hasSize(3).allSatisfy(file -> {
      List<Map<String, Object>> panels =
          Tree.objects(Repository.documents(file).get(0).get("panels"));
      assertThat(panels).extracting(panel -> panel.get("id")).doesNotHaveDuplicates();
      assertThat(panels).extracting(panel -> panel.get("title")).doesNotHaveDuplicates();
      List<String> squares = new ArrayList<>();
      panels.forEach(panel -> squares.addAll(squares(panel)));
      assertThat(squares).doesNotHaveDuplicates();
    });
  }

  /** promtool has no command for a single expression: each is made the rule of a file. */
  private Tool.Findings checked(List<String> questions) throws Exception {
    List<Map<String, Object>> rules = new ArrayList<>();
    for (String question : questions) {
      Map<String, Object> rule = new LinkedHashMap<>();
      rule.put("record", "question:number_" + rules.size());
      rule.put("expr", question.replace("$__rate_interval", "5m").replace("$model", "demo"));
      rules.add(rule);
    }
    Path file = Files.writeString(
        folder.resolve("questions.yml"),
        new Yaml().dump(Map.of("groups", List.of(Map.of("name", "questions", "rules", rules)))));
    return Tool.promtool().run(List.of("check", "rules"), List.of(file));
  }

  private static List<String> squares(Map<String, Object> panel) {
    int left = Integer.parseInt(Tree.text(panel, "gridPos.x"));
    int top = Integer.parseInt(Tree.text(panel, "gridPos.y"));
    List<String> squares = new ArrayList<>();
    for (int x = left; x < left + Integer.parseInt(Tree.text(panel, "gridPos.w")); x++) {
      for (int y = top; y < top + Integer.parseInt(Tree.text(panel, "gridPos.h")); y++) {
        assertThat(x).isLessThan(24);
        squares.add(x + "," + y);
      }
    }
    return squares;
  }
}
