package io.sirocco.embedded.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.PrintWriter;
import java.util.List;

/**
 * All that was found.
 *
 * <p>Immutable.
 *
 * @param findings in the order in which it was looked
 */
public record Diagnosis(List<Finding> findings) {

  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /** Whether nothing failed. */
  @JsonProperty
  public boolean ok() {
    return count(Status.FAIL) == 0;
  }

  /** Prints a line for each finding, and below it what is to be changed. */
  public void print(PrintWriter out) {
    for (Finding finding : findings) {
      out.printf(
          "%-4s  %s: %s; expected %s%n",
          finding.status().text(), finding.subject(), finding.found(), finding.expected());
      if (!finding.change().isEmpty()) {
        out.printf("      change: %s%n", finding.change());
      }
    }
    out.printf(
        "%d ok, %d to look at, %d failed%n",
        count(Status.OK), count(Status.WARN), count(Status.FAIL));
  }

  private long count(Status status) {
    return findings.stream().filter(finding -> finding.status() == status).count();
  }
}
