package io.sirocco.embedded;

import io.sirocco.contracts.usage.Charges;
import io.sirocco.streams.pricing.CostFormat;
import io.sirocco.streams.reprice.HourRange;
import io.sirocco.streams.reprice.RepricePlan;
import io.sirocco.streams.reprice.Repricing;
import io.sirocco.streams.topology.UsageMemory;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code sirocco reprice}: runs history again under corrected prices.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "reprice",
    mixinStandardHelpOptions = true,
    description =
        "Price the usage of a time again at the prices that are set now, and write what differs as"
            + " corrections. To run it twice corrects nothing twice; one that was stopped is begun"
            + " anew.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all usage of that time is priced as of now, or would be without --dry-run",
      "1:the command ran and failed, such as for want of a broker; what is left, a new run corrects",
      "2:the command could not be run as asked",
      "3:hours were left alone: they are still being counted, or their events are gone"
    })
final class RepriceCommand implements Callable<Integer> {
  private static final int LEFT_ALONE = 3;

  @Mixin
  private final BrokerOptions broker = new BrokerOptions();

  @Option(
      names = "--from",
      required = true,
      paramLabel = "TIME",
      description = "The first hour, such as 2026-11-01 or 2026-11-01T12:00:00Z.")
  private String from = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "TIME",
      description = "Where it ends; the hour that this time is in is whole unless it begins there.")
  private String to = "";

  @Option(names = "--model", paramLabel = "NAME", description = "This model alone.")
  private @Nullable String model;

  @Option(names = "--dry-run", description = "Write nothing.")
  private boolean dryRun;

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandSpec command = Specs.require(spec);
    HourRange range;
    try {
      range = new HourRange(time("--from", from), time("--to", to), model);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()));
    }
    Repricing repricing = new Repricing(
        broker.clientProperties(), UsageMemory.DEFAULTS.grace(), InstantSource.system());
    RepricePlan plan = repricing.plan(range, BrokerOptions.PATIENCE);
    if (!dryRun) {
      repricing.write(plan.corrections(), BrokerOptions.PATIENCE);
    }
    print(plan, command.commandLine().getOut());
    return exitCode(plan);
  }

  static int exitCode(RepricePlan plan) {
    return plan.leftAlone() == 0 ? ExitCode.OK : LEFT_ALONE;
  }

  private void print(RepricePlan plan, PrintWriter out) {
    TextTable table = new TextTable("model", "before", "after");
    for (RepricePlan.ModelChange change : plan.models()) {
      table.row(change.model(), text(change.before()), text(change.after()));
    }
    table.print(out, "no usage");
    out.printf(
        "%s %s, %s as before%n",
        hours(plan.corrections().size()),
        dryRun ? "to correct" : "corrected",
        hours(plan.unchanged()));
    if (plan.leftAlone() > 0) {
      out.printf("%s left alone: still counted, or the events are gone%n", hours(plan.leftAlone()));
    }
    out.flush();
  }

  static String hours(long count) {
    return count + (count == 1 ? " hour" : " hours");
  }

  /** All digits: who corrects a bill wants to see them. */
  private static String text(Charges charges) {
    String text = Stream.concat(
            charges.cost().stream().map(money -> money.amount().text() + " " + money.currency()),
            charges.unpricedTokens() > 0 ? Stream.of(CostFormat.UNPRICED) : Stream.empty())
        .collect(Collectors.joining(" + "));
    return text.isEmpty() ? "0" : text;
  }

  private static long time(String option, String text) {
    try {
      Instant time = text.length() == "2026-11-01".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
      return time.toEpochMilli();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          option + ": expected a time such as 2026-11-01T12:00:00Z, found " + text, e);
    }
  }
}
