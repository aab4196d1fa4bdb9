import io.sirocco.client.ClientSettings;
import io.sirocco.client.ReplyStream;
import io.sirocco.client.SiroccoClient;
import io.sirocco.client.SubmitOptions;
import io.sirocco.contracts.chat.ChatChunk;
import io.sirocco.contracts.chat.ChatCompletion;
import io.sirocco.contracts.chat.ChatMessage;
import io.sirocco.contracts.chat.ChatRequest;
import java.time.Duration;

/** Asks a model and prints the answer as it is generated: JavaChat HOST:PORT MODEL PROMPT */
public final class JavaChat {
  private JavaChat() {}

  public static void main(String[] arguments) throws Exception {
    ClientSettings settings = ClientSettings.builder(arguments[0])
        .model(arguments[1])
        .clientName("java-chat")
        .build();
    ChatRequest request = ChatRequest.builder()
        .message(ChatMessage.user(arguments[2]))
        .maxCompletionTokens(200)
        .build();
    SubmitOptions options = SubmitOptions.builder().user("ann").build();

    try (SiroccoClient client = SiroccoClient.connect(settings)) {
      ReplyStream answer = client.submit(request, options);
      for (ChatChunk chunk : answer) {
        for (ChatChunk.Choice choice : chunk.choices()) {
          String text = choice.delta().content(); // null beside the finish reason
          System.out.print(text == null ? "" : text);
        }
      }
      ChatCompletion whole = answer.await(Duration.ofMinutes(1)); // the same answer, put together
      System.out.println("\n" + whole.usage());
    }
  }
}
