package io.sirocco.embedded;

import picocli.CommandLine.Command;

/**
 * {@code sirocco bench}: measures, and needs no broker for it.
 *
 * <p>Immutable.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measure how fast this machine is with a model.",
    subcommands = BenchEngineCommand.class,
    synopsisSubcommandLabel = "COMMAND")
final class BenchCommand {}
