package io.sirocco.streams.reprice;

import io.sirocco.contracts.usage.Charges;
import io.sirocco.contracts.usage.Correction;
import io.sirocco.contracts.usage.UsageKey;
import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowTotals;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is to be corrected, and what it adds up to.
 *
 * <p>An hour is corrected only if its history has the requests and tokens that its totals have: one
 * that is still being counted, or whose events are gone, is left alone.
 *
 * <p>Immutable.
 *
 * @param corrections what is to be written, in the order of the totals
 * @param models what each model costs before and after, over all hours but those left alone
 * @param unchanged how many hours cost what they should
 * @param leftAlone how many hours' history and totals do not belong together
 */
public record RepricePlan(
    List<Correction> corrections, List<ModelChange> models, int unchanged, int leftAlone) {

  /**
   * What a model costs, of all users and hours together.
   *
   * @param model the model
   * @param before what it was found to cost
   * @param after what it costs at the prices of now
   */
  public record ModelChange(String model, Charges before, Charges after) {
    private ModelChange plus(ModelChange other) {
      return new ModelChange(model, before.plus(other.before), after.plus(other.after));
    }
  }

  public RepricePlan {
    corrections = List.copyOf(corrections);
    models = List.copyOf(models);
  }

  static RepricePlan of(
      HourRange range,
      List<WindowTotals> rows,
      Map<UsageKey, UsageTotals> history,
      long nowMillis) {
    List<Correction> corrections = new ArrayList<>();
    Map<String, ModelChange> models = new TreeMap<>();
    Set<UsageKey> uncounted = new HashSet<>(history.keySet());
    int unchanged = 0;
    int leftAlone = 0;
    for (WindowTotals row : rows) {
      UsageKey key = new UsageKey(row.user(), row.window(), row.startMillis(), row.model());
      if (!range.holds(key)) {
        continue;
      }
      uncounted.remove(key);
      UsageTotals again = history.get(key);
      if (again == null || !countTheSame(row.totals(), again)) {
        leftAlone++;
        continue;
      }
      Charges before = row.totals().charges();
      Charges after = again.charges();
      models.merge(row.model(), new ModelChange(row.model(), before, after), ModelChange::plus);
      if (before.sameAs(after)) {
        unchanged++;
      } else {
        long number = row.totals().corrections() + 1;
        corrections.add(new Correction(
            row.user(), row.model(), row.startMillis(), number, before, after, nowMillis));
      }
    }
    return new RepricePlan(
        corrections, List.copyOf(models.values()), unchanged, leftAlone + uncounted.size());
  }

  private static boolean countTheSame(UsageTotals one, UsageTotals other) {
    return one.requests() == other.requests()
        && one.failures() == other.failures()
        && one.promptTokens() == other.promptTokens()
        && one.cachedTokens() == other.cachedTokens()
        && one.completionTokens() == other.completionTokens();
  }
}
