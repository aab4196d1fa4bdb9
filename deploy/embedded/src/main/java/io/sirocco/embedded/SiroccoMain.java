package io.sirocco.embedded;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The {@code sirocco} command, of which everything else is a subcommand.
 *
 * <p>Immutable.
 */
@Command(
    name = "sirocco",
    mixinStandardHelpOptions = true,
    versionProvider = ProductVersion.class,
    subcommands = {
      ChatCommand.class,
      UpCommand.class,
      UsageCommand.class,
      PricesCommand.class,
      VerifyModelCommand.class,
      CommandLine.HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Answers chat completions through Kafka: a request is a record, and so is every token.",
      ""
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0   done",
      "  1   the command ran and failed",
      "  2   the command could not be run as asked: an option, a file or a port"
    })
public final class SiroccoMain {

  /** The whole command line. */
  static CommandLine commandLine() {
    Faults faults = new Faults();
    return new CommandLine(new SiroccoMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(faults)
        .setExecutionExceptionHandler(faults);
  }

  /** Runs the command line and exits with its code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }
}
