package io.sirocco.embedded;

import picocli.CommandLine.Command;

/**
 * {@code sirocco bench}: measures a model alone, or a whole system.
 *
 * <p>Immutable.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measure how fast a model is on this machine, or a running system for its users.",
    subcommands = {BenchEngineCommand.class, BenchServeCommand.class},
    synopsisSubcommandLabel = "COMMAND")
final class BenchCommand {}
