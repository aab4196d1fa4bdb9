package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What documents tell people to type into kubectl fits the manifests. */
class ClusterCommandsTest {
  private static final Pattern SELECTOR = Pattern.compile("kubectl [^`\\n]*-l ([^`\\s]+)");
  private static final Pattern APPLIED =
      Pattern.compile("^kubectl apply -[fk] (\\S+)$", Pattern.MULTILINE);
  private static final Pattern SECRET =
      Pattern.compile("(?:secretKeyRef:\\s+name|secretName): (\\S+)");

  @Test
  void everySelectorFindsPods() {
    assertThat(selectors()).isNotEmpty().isSubsetOf(labelsOfPods());
  }

  @Test
  void everythingThatIsAppliedIsThere() {
    assertThat(APPLIED.matcher(steps()).results().map(found -> found.group(1)))
        .hasSizeGreaterThan(2)
        .allSatisfy(path -> assertThat(Files.exists(Repository.file(path))).isTrue());
  }

  @Test
  void namespaceIsMadeBeforeAnythingIsPutIntoIt() {
    assertThat(steps().indexOf("kubectl apply -f deploy/kubernetes/base/namespace.yaml"))
        .isNotNegative()
        .isLessThan(steps().indexOf("-n sirocco"));
  }

  @Test
  void everySecretThatPodsReadIsMadeBeforeThem() {
    String before = steps().substring(0, steps().indexOf("deploy/kubernetes/overlays"));
    Set<String> secrets = new TreeSet<>();
    for (Path file : Repository.files("deploy/kubernetes/base", name -> name.endsWith(".yaml"))) {
      SECRET.matcher(Repository.text(file)).results().forEach(found -> secrets.add(found.group(1)));
    }

    assertThat(secrets)
        .isNotEmpty()
        .allSatisfy(secret -> assertThat(before).containsPattern("\\b" + secret + "\\b"));
  }

  private static List<String> selectors() {
    return Stream.of("docs", "deploy")
        .flatMap(folder -> Repository.files(folder, name -> name.endsWith(".md")).stream())
        .flatMap(file -> SELECTOR.matcher(Repository.text(file)).results())
        .map(found -> found.group(1))
        .toList();
  }

  /** Those of the pods' templates, and those that the kustomization adds to them. */
  private static Set<String> labelsOfPods() {
    Set<String> labels = new TreeSet<>();
    for (Path file : Repository.files("deploy/kubernetes/base", name -> name.endsWith(".yaml"))) {
      for (Map<String, Object> manifest : Repository.documents(file)) {
        addAll(labels, Tree.find(manifest, "spec.template.metadata.labels"));
        if (manifest.get("labels") instanceof List<?> added) {
          Tree.objects(added).stream()
              .filter(each -> Boolean.TRUE.equals(each.get("includeTemplates")))
              .forEach(each -> addAll(labels, each.get("pairs")));
        }
      }
    }
    return labels;
  }

  private static void addAll(Set<String> labels, @Nullable Object pairs) {
    if (pairs instanceof Map<?, ?> map) {
      map.forEach((name, value) -> labels.add(name + "=" + value));
    }
  }

  /** The first block of commands. */
  private static String steps() {
    String document = Repository.text("deploy/kubernetes/README.md");
    int begin = document.indexOf("\n```\n");
    return document.substring(begin, document.indexOf("\n```\n", begin + 1));
  }
}
