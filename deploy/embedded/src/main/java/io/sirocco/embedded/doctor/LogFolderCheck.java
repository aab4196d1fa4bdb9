package io.sirocco.embedded.doctor;

import io.sirocco.embedded.doctor.ClusterState.LogFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Whether brokers have room for records.
 *
 * <p>Immutable.
 */
record LogFolderCheck() implements Check {
  private static final double FAILS = 0.05;
  private static final double WARNS = 0.20;

  @Override
  public List<Finding> of(ClusterState cluster) {
    List<Finding> findings = new ArrayList<>();
    for (LogFolder folder : cluster.logFolders()) {
      if (!folder.fault().isEmpty()) {
        findings.add(Finding.fail(
            "disk of " + folder.name(),
            folder.fault(),
            "a folder that can be written",
            "replace or repair the disk, and restart the broker"));
      } else if (folder.totalBytes() > 0) {
        double free = (double) folder.usableBytes() / folder.totalBytes();
        findings.add(Finding.of(
            free < FAILS ? Status.FAIL : free < WARNS ? Status.WARN : Status.OK,
            "disk of " + folder.name(),
            String.format(
                Locale.ROOT, "%.1f GB free, %.0f %%", folder.usableBytes() / 1e9, 100 * free),
            "at least 20 %: a broker without room stops",
            "a larger disk, or a shorter retention.ms of chat.requests.*"));
      }
    }
    return findings;
  }
}
