package io.sirocco.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dashboards, rules and scalers name metrics that roles export. */
class MetricNamesTest {
  @Test
  void everyNamedMetricIsExported() {
    MetricNames metrics = MetricNames.documented();
    List<Path> files = Stream.of(
            Repository.files("deploy/grafana", name -> name.endsWith(".json")),
            Repository.files("deploy/prometheus/rules", name -> name.endsWith(".yml")),
            Repository.files("deploy/kubernetes", name -> name.equals("scaled-objects.yaml")))
        .flatMap(List::stream)
        .toList();

    assertThat(files).hasSizeGreaterThanOrEqualTo(6);
    assertThat(files).allSatisfy(file -> assertThat(metrics.unknownIn(file)).isEmpty());
  }

  @Test
  void nameThatNobodyExportsIsFound() {
    MetricNames metrics = MetricNames.documented();

    assertThat(metrics.unknownIn("sum by (model_name) (rate(sirocco_lag_minutes[5m]))"))
        .containsExactly("sirocco_lag_minutes");
    assertThat(metrics.unknownIn("sirocco_lag_records{job=\"sirocco_x\"} > sirocco_lag_seconds"))
        .isEmpty();
  }

  @Test
  void bucketsAreThoseOfHistogramsAlone() {
    assertThat(MetricNames.documented().unknownIn("sirocco_lag_seconds_bucket"))
        .containsExactly("sirocco_lag_seconds_bucket");
  }
}
