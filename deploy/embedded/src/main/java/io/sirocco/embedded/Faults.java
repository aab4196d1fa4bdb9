package io.sirocco.embedded;

import io.sirocco.broker.BrokerStartException;
import io.sirocco.settings.InvalidSettingsException;
import io.sirocco.worker.model.ModelLoadException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns what was typed wrong, and what a command died of, into a line and an exit code; a fault that nobody foresaw keeps its
 * stack trace.
 *
 * <p>Immutable.
 */
final class Faults implements IExecutionExceptionHandler, IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException fault, String[] args) {
    CommandLine command = fault.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("sirocco: " + fault.getMessage());
    UnmatchedArgumentException.printSuggestions(fault, err);
    err.print(command.getHelp().fullSynopsis());
    err.printf("Try '%s --help'.%n", command.getCommandSpec().qualifiedName());
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception fault, CommandLine command, ParseResult parsed)
      throws Exception {
    if (fault instanceof NoSuchFileException missing) {
      command
          .getErr()
          .println("sirocco: %s: expected a file, found none".formatted(missing.getFile()));
      return ExitCode.USAGE;
    }
    if (fault instanceof InvalidSettingsException wrong) {
      List<String> lines = wrong.lines();
      command
          .getErr()
          .printf("sirocco: %d wrong setting%s:%n", lines.size(), lines.size() == 1 ? "" : "s");
      lines.forEach(line -> command.getErr().println("  " + line));
      return ExitCode.USAGE;
    }
    if (fault instanceof ModelLoadException
        || fault instanceof BrokerStartException
        || fault instanceof IOException
        || fault instanceof UncheckedIOException) {
      command.getErr().println("sirocco: " + fault.getMessage());
      return ExitCode.USAGE;
    }
    if (fault instanceof KafkaException) {
      command.getErr().println("sirocco: " + fault.getMessage());
      return ExitCode.SOFTWARE;
    }
    throw fault;
  }
}
