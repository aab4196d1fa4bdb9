package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What documents link to is there, and what they say was measured was. */
class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);
  private static final Pattern FIGURE =
      Pattern.compile("^\\| .+ \\| ([^|]+) \\|$", Pattern.MULTILINE);

  @Test
  void everyLinkLeadsSomewhere() {
    List<Path> documents = Stream.concat(
            Stream.of(
                    "README.md",
                    "SECURITY.md",
                    "ARCHITECTURE.md",
                    "CONTRIBUTING.md",
                    "CHANGELOG.md")
                .map(Repository::file),
            Stream.of("docs", "deploy")
                .flatMap(folder -> Repository.files(folder, name -> name.endsWith(".md")).stream()))
        .toList();

    assertThat(documents)
        .hasSizeGreaterThan(30)
        .allSatisfy(file -> assertThat(broken(file, Repository.text(file))).isEmpty());
  }

  @Test
  void linkThatLeadsNowhereIsFound() {
    Path file = Repository.file("docs/wire.md");

    assertThat(broken(file, "[a](nowhere.md) [b](wire.md#no-heading) [c](wire.md#headers)"))
        .containsExactly("nowhere.md", "wire.md#no-heading");
  }

  @Test
  void everyFigureOfTheCapacityPlanWasMeasured() {
    String plan = Repository.text("docs/operations.md");
    String measured = Repository.text("docs/performance.md");
    int begin = plan.indexOf("\n| measured | figure |");

    assertThat(begin).isNotNegative();
    assertThat(FIGURE
            .matcher(plan.substring(begin, plan.indexOf("\n\n", begin)))
            .results()
            .map(row -> row.group(1))
            .filter(figure -> !figure.equals("figure") && !figure.startsWith("--")))
        .hasSizeGreaterThan(5)
        .allSatisfy(figure -> assertThat(measured).contains(figure));
  }

  private static List<String> broken(Path file, String text) {
    List<String> broken = new ArrayList<>();
    for (MatchResult found : LINK.matcher(text).results().toList()) {
      String link = found.group(1);
      if (!link.contains("://") && !isThere(file, link)) {
        broken.add(link);
      }
    }
    return broken;
  }

  private static boolean isThere(Path file, String link) {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]).normalize();
    if (!Files.exists(target)) {
      return false;
    }
    return parts.length == 1 || anchors(Repository.text(target)).contains(parts[1]);
  }

  /** The anchors that GitHub makes of headings. */
  private static List<String> anchors(String document) {
    return HEADING
        .matcher(document)
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }
}
