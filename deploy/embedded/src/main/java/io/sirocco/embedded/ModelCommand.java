package io.sirocco.embedded;

import picocli.CommandLine.Command;

/**
 * {@code sirocco model}: looks at checkpoints, and needs no broker for it.
 *
 * <p>Immutable.
 */
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = "Look at checkpoints.",
    subcommands = DescribeModelCommand.class,
    synopsisSubcommandLabel = "COMMAND")
final class ModelCommand {}
