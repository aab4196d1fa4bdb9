package io.sirocco.broker;

import kafka.server.FaultHandlerFactory;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.server.fault.FaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what would end Kafka's own process into an error of the thread that met it.
 *
 * <p>A broker in a process of its own halts on a fatal fault, so that an orchestrator can start it
 * anew. Here the process belongs to somebody else: the fault is logged, clients see a broker that
 * does not answer, and the owner closes it.
 *
 * <p>Thread-safe.
 */
final class SurvivableFaults implements FaultHandlerFactory {
  private static final Logger LOG = LoggerFactory.getLogger(SurvivableFaults.class);

  /**
   * Replaces Kafka's exit and halt for this process. Not all of Kafka asks a fault handler: the log
   * layer halts by itself when the data folder fails. The switch is Kafka's own static one, and it
   * is never set back, since another node of the process may still need it.
   */
  static void forbidExit() {
    Exit.setExitProcedure(SurvivableFaults::refuse);
    Exit.setHaltProcedure(SurvivableFaults::refuse);
  }

  private static void refuse(int status, String message) {
    LOG.error("the embedded broker has failed and wanted to end the process, status {}", status);
    throw new IllegalStateException(
        "the embedded broker may not end the process; status " + status + ", " + message);
  }

  @Override
  public FaultHandler build(String name, boolean fatal, Runnable action) {
    return (message, cause) -> {
      LOG.error("fault in the embedded broker's {} (fatal: {}): {}", name, fatal, message, cause);
      action.run();
      return new IllegalStateException(name + ": " + message, cause);
    };
  }
}
