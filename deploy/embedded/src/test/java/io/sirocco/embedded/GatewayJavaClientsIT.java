package io.sirocco.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sirocco.gateway.Gateway;
import io.sirocco.gateway.settings.GatewaySettings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** OpenAI's own client for Java and LangChain4j's, as they are, against the gateway. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class GatewayJavaClientsIT {
  private static final String KEYS =
      "{\"keys\": [{\"sha256\": \"%s\", \"user\": \"ann\"}]}".formatted(ApiKeys.sha256("ann-key"));

  private EmbeddedSirocco sirocco;
  private Gateway gateway;
  private OpenAIClient client;

  @BeforeAll
  void start() throws Exception {
    sirocco = DemoSystem.start();
    gateway = Gateway.start(
        GatewaySettings.local(sirocco.bootstrapServers(), 0).withKeys(KEYS),
        new SimpleMeterRegistry());
    client = client("ann-key");
    await().atMost(Duration.ofSeconds(60)).until(gateway::isReady);
  }

  @AfterAll
  void stop() {
    client.close();
    gateway.close();
    sirocco.close();
  }

  private OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(gateway.address().toString())
        .apiKey(key)
        .maxRetries(0)
        .build();
  }

  private static ChatCompletionCreateParams.Builder question() {
    return ChatCompletionCreateParams.builder()
        .model("demo")
        .addUserMessage("What is a mistral?")
        .temperature(0.0)
        .maxCompletionTokens(16);
  }

  private static String text(ChatCompletion completion) {
    return completion.choices().get(0).message().content().orElseThrow();
  }

  @Test
  void streamIsTheWholeInPieces() {
    ChatCompletion whole = client.chat().completions().create(question().build());
    StringBuilder text = new StringBuilder();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(question().build())) {
      stream.stream()
          .flatMap(chunk -> chunk.choices().stream())
          .forEach(choice -> choice.delta().content().ifPresent(text::append));
    }

    assertThat(text.toString()).isEqualTo(text(whole)).isNotEmpty();
    assertThat(whole.usage().orElseThrow().totalTokens()).isPositive();
  }

  @Test
  @SuppressWarnings("deprecation") // OpenAI means to drop the seed; here it stays.
  void choicesLogprobsStopAndSeedDoWhatTheySay() {
    ChatCompletionCreateParams params =
        question().temperature(1.0).seed(7).n(2).logprobs(true).topLogprobs(2).build();
    ChatCompletion one = client.chat().completions().create(params);
    ChatCompletion two = client.chat().completions().create(params);

    assertThat(one.choices()).hasSize(2);
    assertThat(text(one)).isEqualTo(text(two));
    assertThat(one.choices().get(0).logprobs().orElseThrow().content().orElseThrow())
        .isNotEmpty();
    String whole = text(client.chat().completions().create(question().build()));
    String stop = whole.substring(3, 6);
    assertThat(text(client.chat().completions().create(question().stop(stop).build())))
        .isEqualTo(whole.substring(0, whole.indexOf(stop)));
  }

  @Test
  void errorsAreOfTheirKinds() {
    assertThatThrownBy(
            () -> client.chat().completions().create(question().model("nobody").build()))
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(
            () -> client.chat().completions().create(question().temperature(9.0).build()))
        .isInstanceOf(BadRequestException.class);
    OpenAIClient stranger = client("other");
    assertThatThrownBy(() -> stranger.models().list()).isInstanceOf(UnauthorizedException.class);
    stranger.close();
  }

  @Test
  void abortInMidStreamLeavesTheGatewayAsItWas() {
    try (StreamResponse<ChatCompletionChunk> stream = client
        .chat()
        .completions()
        .createStreaming(question().maxCompletionTokens(300).build())) {
      assertThat(stream.stream().findFirst()).isPresent();
    }

    assertThat(text(client.chat().completions().create(question().build()))).isNotEmpty();
  }

  @Test
  void langChain4jStreams() throws Exception {
    OpenAiStreamingChatModel model = OpenAiStreamingChatModel.builder()
        .baseUrl(gateway.address().toString())
        .apiKey("ann-key")
        .modelName("demo")
        .temperature(0.0)
        .maxCompletionTokens(16)
        .build();
    StringBuilder text = new StringBuilder();
    CompletableFuture<ChatResponse> complete = new CompletableFuture<>();

    model.chat("What is a mistral?", new StreamingChatResponseHandler() {
      @Override
      public void onPartialResponse(String piece) {
        text.append(piece);
      }

      @Override
      public void onCompleteResponse(ChatResponse response) {
        complete.complete(response);
      }

      @Override
      public void onError(Throwable fault) {
        complete.completeExceptionally(fault);
      }
    });

    assertThat(complete.get(60, TimeUnit.SECONDS).aiMessage().text())
        .isEqualTo(text.toString())
        .isNotEmpty();
  }
}
