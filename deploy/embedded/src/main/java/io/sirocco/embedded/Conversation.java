package io.sirocco.embedded;

import io.sirocco.client.ChatFailedException;
import io.sirocco.client.RawReply;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SiroccoException;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.reply.ReplyEvent;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with a model: what was said so far, and how the next answer is shown.
 *
 * <p>Confined to the main thread.
 */
final class Conversation {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final SiroccoClient client;
  private final ChatOptions options;
  private final AnswerPrinter printer;
  private final PrintWriter err;
  private final AnswerCost cost;
  private final List<ChatMessage> messages = new ArrayList<>();

  Conversation(
      SiroccoClient client,
      ChatOptions options,
      AnswerPrinter printer,
      PrintWriter err,
      AnswerCost cost) {
    this.client = client;
    this.options = options;
    this.printer = printer;
    this.err = err;
    this.cost = cost;
    if (options.system() != null) {
      messages.add(ChatMessage.system(options.system()));
    }
  }

  /**
   * Says {@code message}, and shows the answer and what it took. A message that is not answered is
   * taken back.
   *
   * @throws SiroccoException when there is no answer
   */
  void ask(String message) {
    messages.add(ChatMessage.user(message));
    try {
      AnswerTiming timing = new AnswerTiming(System.nanoTime());
      ReplyStream stream = client.submit(options.request(messages), options.submission());
      for (RawReply reply : stream.records().within(PATIENCE)) {
        if (reply.reply().event() == ReplyEvent.DELTA) {
          timing.delta(System.nanoTime(), reply.reply().tokenIds().size());
        }
        printer.print(reply);
      }
      printer.end();
      ChatCompletion answer = stream.await(PATIENCE);
      messages.add(ChatMessage.assistant(answer.text()));
      if (answer.usage() != null) {
        err.println(
            timing.summary(answer.usage()) + ", cost " + cost.of(answer.model(), answer.usage()));
        err.flush();
      }
    } catch (SiroccoException e) {
      messages.remove(messages.size() - 1);
      throw e;
    }
  }

  /** Shows why there is no answer. */
  void report(SiroccoException fault) {
    printer.end();
    err.println("sirocco: " + reason(fault));
    err.flush();
  }

  private static @Nullable String reason(SiroccoException fault) {
    if (fault instanceof ChatFailedException failed) {
      ErrorBody.Detail error = failed.body().error();
      return error.param() == null ? error.message() : error.param() + ": " + error.message();
    }
    return fault.getMessage();
  }
}
