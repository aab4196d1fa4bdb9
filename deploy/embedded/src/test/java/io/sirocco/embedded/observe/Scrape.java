package io.sirocco.embedded.observe;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a page of metrics says.
 *
 * <p>Immutable.
 *
 * @param types the type of each family by its name
 */
public record Scrape(String text, Map<String, String> types) {
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");

  /** Reads Prometheus' text format. */
  public static Scrape of(String text) {
    Map<String, String> types = new TreeMap<>();
    Matcher type = TYPE.matcher(text);
    while (type.find()) {
      types.put(type.group(1), type.group(2));
    }
    return new Scrape(text, types);
  }

  /** The upper bounds of the buckets of a histogram, but for the infinite one. */
  public List<Double> bounds(String name) {
    Matcher bucket = Pattern.compile(
            "(?m)^" + Pattern.quote(name) + "_bucket\\{.*le=\"([0-9.E]+)\"")
        .matcher(text);
    return bucket
        .results()
        .map(found -> Double.valueOf(found.group(1)))
        .distinct()
        .toList();
  }

  /** The sum of all samples of {@code name}; NaN when there is none. */
  public double sum(String name) {
    return sum(name, "");
  }

  /** As {@link #sum(String)}, of the samples with a label, such as {@code role="worker"}. */
  public double sum(String name, String label) {
    Matcher sample = Pattern.compile(
            "(?m)^" + Pattern.quote(name) + "(\\{(?:[^\"}]|\"[^\"]*\")*})? (\\S+)$")
        .matcher(text);
    double sum = Double.NaN;
    while (sample.find()) {
      if (label.isEmpty() || String.valueOf(sample.group(1)).contains(label)) {
        sum = (Double.isNaN(sum) ? 0 : sum) + Double.parseDouble(sample.group(2));
      }
    }
    return sum;
  }
}
