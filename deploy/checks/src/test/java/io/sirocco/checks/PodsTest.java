package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pods of every role: guarded, looked at, and given the time to drain. */
class PodsTest {
  /** What the streams role takes at most to drain, as it has no setting for it. */
  private static final int STREAMS_GRACE_SECONDS = 30;

  private static final int MARGIN_SECONDS = 10;
  private static final Pattern VARIABLE = Pattern.compile("\\$\\(([A-Z_]+)\\)");

  /** A pod's template, by its role. */
  record Pod(String role, Map<String, Object> spec) {
    Map<String, Object> container() {
      return Tree.objects(spec.get("containers")).get(0);
    }

    @Override
    public String toString() {
      return role;
    }
  }

  static Stream<Pod> pods() {
    return Stream.of("worker", "streams", "gateway").map(role -> {
      Map<String, Object> manifest = Repository.documents(
              Repository.file("deploy/kubernetes/base/" + role + ".yaml"))
          .get(0);
      return new Pod(role, Tree.object(Tree.find(manifest, "spec.template.spec")));
    });
  }

  @ParameterizedTest
  @MethodSource("pods")
  void isKilledOnlyAfterItsPauseAndItsGrace(Pod pod) {
    int patience = Integer.parseInt(Tree.text(pod.spec(), "terminationGracePeriodSeconds"));

    assertThat(patience).isGreaterThanOrEqualTo(pause(pod) + grace(pod.role()) + MARGIN_SECONDS);
  }

  @ParameterizedTest
  @MethodSource("pods")
  void isNotRootAndWritesWhereItMayOnly(Pod pod) {
    assertThat(Tree.text(pod.spec(), "securityContext.runAsNonRoot")).isEqualTo("true");
    assertThat(Tree.text(pod.container(), "securityContext.readOnlyRootFilesystem"))
        .isEqualTo("true");
    assertThat(Tree.text(pod.container(), "securityContext.allowPrivilegeEscalation"))
        .isEqualTo("false");
    assertThat(Tree.text(pod.container(), "securityContext.capabilities.drop")).isEqualTo("[ALL]");
    assertThat(Tree.text(pod.spec(), "automountServiceAccountToken")).isEqualTo("false");
  }

  @ParameterizedTest
  @MethodSource("pods")
  void isNotToldOfServicesAsIfTheyWereSettings(Pod pod) {
    assertThat(Tree.text(pod.spec(), "enableServiceLinks")).isEqualTo("false");
  }

  @ParameterizedTest
  @MethodSource("pods")
  void isAskedWhereMetricsAre(Pod pod) {
    List<String> ports = new ArrayList<>();
    Tree.objects(pod.container().get("ports"))
        .forEach(port -> ports.add(Tree.text(port, "name") + "=" + port.get("containerPort")));
    String settings = Repository.text("deploy/kubernetes/base/sirocco.properties");
    String metrics = Repository.text("docs/metrics.md");

    assertThat(ports).contains("metrics=" + property(settings, "metrics.port"));
    for (String probe : List.of("startup", "liveness", "readiness")) {
      assertThat(Tree.text(pod.container(), probe + "Probe.httpGet.port")).isEqualTo("metrics");
      String path = Tree.text(pod.container(), probe + "Probe.httpGet.path");
      assertThat(metrics).contains("| `" + path + "` |");
    }
  }

  @ParameterizedTest
  @MethodSource("pods")
  void hasAsMuchMemoryAsItAsksFor(Pod pod) {
    assertThat(Tree.text(pod.container(), "resources.limits.memory"))
        .isEqualTo(Tree.text(pod.container(), "resources.requests.memory"));
  }

  @ParameterizedTest
  @MethodSource("pods")
  void namesNoVariableBeforeItIsSet(Pod pod) {
    List<String> above = new ArrayList<>();
    for (Map<String, Object> variable : Tree.objects(pod.container().get("env"))) {
      String value = String.valueOf(Tree.find(variable, "value"));
      assertThat(VARIABLE.matcher(value).results().map(found -> found.group(1))).isSubsetOf(above);
      above.add(Tree.text(variable, "name"));
    }
  }

  /** Each apply would set it back to what the manifest says. */
  @Test
  void whatIsScaledHasNoNumberOfReplicas() {
    List<String> scaled = Repository.documents(
            Repository.file("deploy/kubernetes/components/keda/scaled-objects.yaml"))
        .stream()
        .map(scaler -> Tree.text(scaler, "spec.scaleTargetRef.kind")
            + "/"
            + Tree.text(scaler, "spec.scaleTargetRef.name"))
        .toList();
    List<Map<String, Object>> targets =
        Repository.files("deploy/kubernetes", name -> name.endsWith(".yaml")).stream()
            .flatMap(file -> Repository.documents(file).stream())
            .filter(manifest -> Tree.find(manifest, "metadata.name") != null)
            .filter(manifest -> scaled.contains(
                Tree.text(manifest, "kind") + "/" + Tree.text(manifest, "metadata.name")))
            .toList();

    assertThat(targets)
        .hasSizeGreaterThanOrEqualTo(scaled.size())
        .extracting(target -> Tree.find(target, "spec.replicas"))
        .isNotEmpty()
        .containsOnlyNulls();
  }

  private static int pause(Pod pod) {
    Object command = Tree.find(pod.container(), "lifecycle.preStop.exec.command");
    return command instanceof List<?> words ? Integer.parseInt(words.get(1).toString()) : 0;
  }

  private static int grace(String role) {
    return role.equals("streams")
        ? STREAMS_GRACE_SECONDS
        : Integer.parseInt(
            property(Repository.text("deploy/kubernetes/base/sirocco.properties"), role + ".grace")
                .replace("s", ""));
  }

  private static String property(String settings, String name) {
    Matcher line =
        Pattern.compile("^" + Pattern.quote(name) + "=(.*)$", Pattern.MULTILINE).matcher(settings);
    assertThat(line.find()).as(name).isTrue();
    return line.group(1);
  }
}
