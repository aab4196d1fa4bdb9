package io.sirocco.embedded;

import io.sirocco.broker.BrokerStartException;
import io.sirocco.worker.model.ModelLoadException;
import java.io.IOException;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Turns what a command died of into one line and an exit code; a fault that nobody foresaw keeps its
 * stack trace.
 *
 * <p>Immutable.
 */
final class Faults implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(Exception fault, CommandLine command, ParseResult parsed)
      throws Exception {
    if (fault instanceof ModelLoadException
        || fault instanceof BrokerStartException
        || fault instanceof IOException) {
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
