package io.sirocco.embedded;

import io.sirocco.contracts.usage.UsageTotals;
import io.sirocco.contracts.usage.WindowSize;
import io.sirocco.contracts.usage.WindowTotals;
import io.sirocco.streams.pricing.CostFormat;
import io.sirocco.streams.topic.UsageReader;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code sirocco usage}: what users used, and what it costs.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "usage",
    mixinStandardHelpOptions = true,
    description = "Show what users used of each model, and what it costs.")
final class UsageCommand implements Callable<Integer> {
  @Mixin
  private final BrokerOptions broker = new BrokerOptions();

  @Option(names = "--user", paramLabel = "NAME", description = "This user alone.")
  private @Nullable String user;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Map<String, Map<String, UsageTotals>> totals = new TreeMap<>();
    for (WindowTotals window :
        new UsageReader(broker.clientProperties()).read(BrokerOptions.PATIENCE)) {
      // Days hold what hours hold: either adds up to the whole.
      if (window.window() == WindowSize.DAY && (user == null || user.equals(window.user()))) {
        totals
            .computeIfAbsent(window.user(), name -> new TreeMap<>())
            .merge(window.model(), window.totals(), UsageTotals::plus);
      }
    }
    TextTable table = new TextTable(
        "user", "model", "requests", "failed", "prompt", "cached", "completion", "cost");
    totals.forEach(
        (name, models) -> models.forEach((model, sum) -> table.row(cells(name, model, sum))));
    table.print(Specs.require(spec).commandLine().getOut(), "no usage");
    return 0;
  }

  private static String[] cells(String user, String model, UsageTotals sum) {
    return new String[] {
      user,
      model,
      Long.toString(sum.requests()),
      Long.toString(sum.failures()),
      Long.toString(sum.promptTokens()),
      Long.toString(sum.cachedTokens()),
      Long.toString(sum.completionTokens()),
      CostFormat.MILLIONTHS.format(sum)
    };
  }
}
