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
      CancelCommand.class,
      UpCommand.class,
      WorkerCommand.class,
      StreamsCommand.class,
      GatewayCommand.class,
      UsageCommand.class,
      PricesCommand.class,
      RepriceCommand.class,
      DltCommand.class,
      DoctorCommand.class,
      VerifyModelCommand.class,
      ModelCommand.class,
      BenchCommand.class,
      ChaosCommand.class,
      ChaosBrokerCommand.class,
      CommandLine.HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Answers chat completions through Kafka: a request is a record, and so is every token.",
      ""
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0   done; a role: drained after SIGTERM",
      "  1   the command ran and failed, such as for want of a broker",
      "  2   the command could not be run as asked: an option, a setting, a file or a port",
      "  3   reprice: hours were left alone",
      "  70  the worker died of a fault and is to be started anew",
      "  130 Ctrl-C, 129 hangup; a role: drained, or ended at once by a second signal"
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
