package io.sirocco.embedded;

import io.sirocco.contracts.usage.Decimal;
import io.sirocco.contracts.usage.Price;
import io.sirocco.contracts.usage.PriceList;
import io.sirocco.streams.pricefile.PriceFile;
import io.sirocco.streams.topic.PriceReader;
import io.sirocco.streams.topic.PriceWriter;
import io.sirocco.streams.topic.UsageTopics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code sirocco prices}: what tokens cost.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "prices",
    mixinStandardHelpOptions = true,
    description = "Set, import and list what tokens cost.")
final class PricesCommand {
  private static final short BROKER_DEFAULT = -1;

  @Spec
  private @Nullable CommandSpec spec;

  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = "Set the price of a model's tokens, from now or from another time on.")
  int set(
      @Mixin BrokerOptions broker,
      @Option(
              names = "--model",
              required = true,
              paramLabel = "NAME",
              description = "The model, by the name it is served under.")
          String model,
      @Option(
              names = "--prompt",
              required = true,
              paramLabel = "AMOUNT",
              description = "A million prompt tokens.")
          String prompt,
      @Option(
              names = "--cached-prompt",
              paramLabel = "AMOUNT",
              description =
                  "A million prompt tokens that came from a cache (default: as --prompt).")
          @Nullable
          String cachedPrompt,
      @Option(
              names = "--completion",
              required = true,
              paramLabel = "AMOUNT",
              description = "A million generated tokens.")
          String completion,
      @Option(
              names = "--currency",
              defaultValue = "USD",
              paramLabel = "CODE",
              description = "ISO 4217 code (default: ${DEFAULT-VALUE}).")
          String currency,
      @Option(
              names = "--from",
              paramLabel = "TIME",
              description = "When it begins to apply, such as 2026-12-01T00:00:00Z (default: now).")
          @Nullable
          String from) {
    CommandSpec command = Specs.require(spec);
    Price price;
    try {
      price = new Price(
          model,
          Decimal.of(prompt),
          Decimal.of(cachedPrompt == null ? prompt : cachedPrompt),
          Decimal.of(completion),
          currency,
          time(command, from));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()));
    }
    print(List.of(writer(broker).set(price, BrokerOptions.PATIENCE)));
    return 0;
  }

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = {
        "Set prices from a file, all or none: LiteLLM's price map if its name ends in .json,",
        "otherwise CSV with the columns model, prompt_per_million, completion_per_million and, where",
        "wanted, cached_prompt_per_million, currency and effective_from."
      })
  int importFile(
      @Mixin BrokerOptions broker,
      @Parameters(paramLabel = "FILE", description = "The file.") Path file,
      @Option(
              names = "--model",
              paramLabel = "NAME[=SERVED]",
              description =
                  "Only this model of the file, repeatable; SERVED is the name it is served"
                      + " under (default: all models).")
          @Nullable
          List<String> models,
      @Option(
              names = "--currency",
              defaultValue = "USD",
              paramLabel = "CODE",
              description = "Of prices that name none (default: ${DEFAULT-VALUE}).")
          String currency,
      @Option(
              names = "--from",
              paramLabel = "TIME",
              description = "When prices begin to apply that do not say so (default: now).")
          @Nullable
          String from)
      throws IOException {
    CommandSpec command = Specs.require(spec);
    List<Price> prices;
    try {
      prices = new ImportedPrices(models == null ? List.of() : models)
          .of(PriceFile.read(file, currency, time(command, from)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), file + ": " + e.getMessage());
    }
    List<PriceList> known = new PriceReader(broker.clientProperties()).read(BrokerOptions.PATIENCE);
    List<Price> changes = PriceFile.changes(prices, known);
    if (!changes.isEmpty()) {
      var unused = writer(broker).setAll(changes, BrokerOptions.PATIENCE);
    }
    command
        .commandLine()
        .getOut()
        .printf("%d prices set, %d as they were%n", changes.size(), prices.size() - changes.size());
    command.commandLine().getOut().flush();
    return 0;
  }

  private static PriceWriter writer(BrokerOptions broker) {
    return new PriceWriter(
        broker.clientProperties(), new UsageTopics(1, BROKER_DEFAULT), new SecureRandom());
  }

  private static long time(CommandSpec command, @Nullable String from) {
    try {
      return from == null ? System.currentTimeMillis() : Instant.parse(from).toEpochMilli();
    } catch (DateTimeParseException e) {
      throw new ParameterException(
          command.commandLine(),
          "--from: expected a time such as 2026-12-01T00:00:00Z, found " + from);
    }
  }

  @Command(name = "list", mixinStandardHelpOptions = true, description = "List all prices.")
  int list(@Mixin BrokerOptions broker) {
    print(new PriceReader(broker.clientProperties()).read(BrokerOptions.PATIENCE));
    return 0;
  }

  private void print(List<PriceList> lists) {
    TextTable table =
        new TextTable("model", "from", "prompt/M", "cached/M", "completion/M", "currency");
    for (PriceList list : lists) {
      for (Price price : list.prices()) {
        table.row(
            price.model(),
            Instant.ofEpochMilli(price.effectiveFromMillis()).toString(),
            price.promptPerMillion().text(),
            price.cachedPromptPerMillion().text(),
            price.completionPerMillion().text(),
            price.currency());
      }
    }
    PrintWriter out = Specs.require(spec).commandLine().getOut();
    table.print(out, "no prices are set");
  }
}
