package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Kubernetes, Strimzi, the Prometheus operator and KEDA take our manifests. */
class KubernetesManifestsTest {
  private static final String SCALERS = "scaled-objects.yaml";
  private static final List<Path> MANIFESTS = Repository.files(
      "deploy/kubernetes",
      name ->
          name.endsWith(".yaml") && !name.equals("kustomization.yaml") && !name.equals(SCALERS));

  private final ManifestReader reader = new ManifestReader();

  @Test
  void everyFieldIsKnown() {
    assertThat(MANIFESTS).hasSizeGreaterThan(8).allSatisfy(file -> {
      for (Map<String, Object> manifest : Repository.documents(file)) {
        assertThat(reader.fault(manifest)).as(file.toString()).isEmpty();
      }
    });
  }

  @Test
  void unknownFieldIsFound() {
    Map<String, Object> planted =
        Repository.documents(Repository.planted("deployment.yaml")).get(0);

    assertThat(reader.fault(planted))
        .hasValueSatisfying(fault -> assertThat(fault).contains("terminationGracePeriod"));
  }

  @Test
  void unknownFieldOfAUserIsFound() {
    Map<String, Object> planted =
        Repository.documents(Repository.planted("user.yaml")).get(0);

    assertThat(reader.fault(planted))
        .hasValueSatisfying(fault -> assertThat(fault).contains("rules"));
  }

  @Test
  void typesOfKedaTakeTheScalers() throws Exception {
    List<Path> scalers = Repository.files("deploy/kubernetes", SCALERS::equals);

    assertThat(scalers).isNotEmpty();
    Tool.Findings findings = Tool.linter("scaler").run(List.of(), scalers);
    assertThat(findings.output()).isEmpty();
    assertThat(findings.status()).isZero();
  }

  @Test
  void typesOfKedaRefuseAMemberThatTheyDoNotKnow() throws Exception {
    Tool.Findings findings =
        Tool.linter("scaler").run(List.of(), List.of(Repository.planted("scaled-object.yaml")));

    assertThat(findings.output()).contains("minReplicas");
    assertThat(findings.status()).isOne();
  }
}
