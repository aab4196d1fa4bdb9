package io.sirocco.embedded;

import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyTopicMode;
import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.request.RequestKey;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code sirocco cancel}: ends requests, waiting or running.
 *
 * <p>Confined to the main thread.
 */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = "Cancel requests by their ids, waiting or running.",
    footer = {
      "",
      "Writes the wish to chat.control; each answer ends, with what was used until then, when its",
      "worker has read it. An answer that has ended stays as it is."
    })
final class CancelCommand implements Callable<Integer> {
  @Mixin
  private final BrokerOptions broker = new BrokerOptions();

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description = "Cancel this user's requests alone (default: whoever wrote them).")
  private @Nullable String user;

  @Parameters(arity = "1..*", paramLabel = "ID", description = "The x-request-id of a request.")
  private List<String> ids = List.of();

  @Spec
  private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    List<RequestKey> keys;
    try {
      keys = ids.stream().map(id -> new RequestKey(user, id)).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          Specs.require(spec).commandLine(), String.valueOf(e.getMessage()));
    }
    PrintWriter out = Specs.require(spec).commandLine().getOut();
    PrintWriter err = Specs.require(spec).commandLine().getErr();
    // No answer is read here: the shared topic is the one for which nothing is made ahead.
    ClientSettings settings = ClientSettings.builder(broker.bootstrapServer())
        .kafkaProperties(broker.clientProperties())
        .replyTopics(ReplyTopicMode.SHARED)
        .build();
    try (SiroccoClient client = SiroccoClient.connect(settings)) {
      for (RequestKey key : keys) {
        client.cancel(key).join();
        out.println("cancel written for " + key.requestId());
      }
      return 0;
    } catch (CompletionException e) {
      err.println("sirocco: " + (e.getCause() == null ? e : e.getCause()).getMessage());
      return 1;
    } finally {
      out.flush();
    }
  }
}
