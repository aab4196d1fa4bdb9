package io.sirocco.contracts.chat;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for a chat completion: the body of OpenAI's {@code POST /v1/chat/completions}.
 *
 * <p>A field that is absent is null: defaults belong to the worker, which also checks ranges.
 *
 * <p>Immutable.
 *
 * @param model the model or an alias of it; absent: the one that the request topic serves
 * @param messages the conversation so far
 * @param temperature 0 to 2; 0 is greedy
 * @param topP the smallest set of tokens with this probability is kept, above 0 and at most 1
 * @param topK this many of the likeliest tokens are kept; 0 or -1: all
 * @param minP tokens below this share of the likeliest one's probability are dropped, 0 to 1
 * @param maxCompletionTokens the most tokens to generate; absent: until the context ends
 * @param maxTokens an older name of {@code maxCompletionTokens}, which wins over it
 * @param stop up to four texts that end the answer and are no part of it
 * @param seed with the same seed, the same request draws the same tokens
 * @param stream whether deltas are wanted as they are generated
 * @param user who asks
 * @param extra the fields that this version does not know, in the order they came
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">OpenAI API reference</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChatRequest(
    @JsonProperty("model") @Nullable String model,
    @JsonProperty("messages") @Nullable List<ChatMessage> messages,
    @JsonProperty("temperature") @Nullable Double temperature,
    @JsonProperty("top_p") @Nullable Double topP,
    @JsonProperty("top_k") @Nullable Integer topK,
    @JsonProperty("min_p") @Nullable Double minP,
    @JsonProperty("max_completion_tokens") @Nullable Integer maxCompletionTokens,
    @JsonProperty("max_tokens") @Nullable Integer maxTokens,

    @JsonProperty("stop")
    @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
    @Nullable
    List<String> stop,

    @JsonProperty("seed") @Nullable Long seed,
    @JsonProperty("stream") @Nullable Boolean stream,
    @JsonProperty("user") @Nullable String user,
    @JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> extra) {

  public ChatRequest {
    messages = messages == null ? null : List.copyOf(messages);
    stop = stop == null ? null : List.copyOf(stop);
    // Not Map.copyOf: a field that is present and null is to be seen as well.
    extra = extra == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(extra));
  }

  /** Returns a builder with nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the same request for another model. */
  public ChatRequest withModel(String otherModel) {
    return new ChatRequest(
        otherModel,
        messages,
        temperature,
        topP,
        topK,
        minP,
        maxCompletionTokens,
        maxTokens,
        stop,
        seed,
        stream,
        user,
        extra);
  }

  /** Returns the same request with another seed. */
  public ChatRequest withSeed(@Nullable Long otherSeed) {
    return new ChatRequest(
        model,
        messages,
        temperature,
        topP,
        topK,
        minP,
        maxCompletionTokens,
        maxTokens,
        stop,
        otherSeed,
        stream,
        user,
        extra);
  }

  /** Returns the same request with other fields that this version does not know. */
  public ChatRequest withExtra(Map<String, @Nullable Object> otherExtra) {
    return new ChatRequest(
        model,
        messages,
        temperature,
        topP,
        topK,
        minP,
        maxCompletionTokens,
        maxTokens,
        stop,
        seed,
        stream,
        user,
        otherExtra);
  }

  /**
   * Collects the fields of a request; what is not set stays absent.
   *
   * <p>Not thread-safe.
   */
  public static final class Builder {
    private final List<ChatMessage> messages = new ArrayList<>();
    private final Map<String, @Nullable Object> extra = new LinkedHashMap<>();
    private @Nullable String model;
    private @Nullable Double temperature;
    private @Nullable Double topP;
    private @Nullable Integer topK;
    private @Nullable Double minP;
    private @Nullable Integer maxCompletionTokens;
    private @Nullable List<String> stop;
    private @Nullable Long seed;
    private @Nullable Boolean stream;
    private @Nullable String user;

    private Builder() {}

    /** Sets the model or an alias of it. */
    public Builder model(@Nullable String model) {
      this.model = model;
      return this;
    }

    /** Appends messages to the conversation. */
    public Builder messages(List<ChatMessage> messages) {
      this.messages.addAll(messages);
      return this;
    }

    /** Appends a message to the conversation. */
    public Builder message(ChatMessage message) {
      messages.add(message);
      return this;
    }

    /** Sets the temperature, 0 to 2. */
    public Builder temperature(@Nullable Double temperature) {
      this.temperature = temperature;
      return this;
    }

    /** Sets the probability that nucleus sampling keeps, above 0 and at most 1. */
    public Builder topP(@Nullable Double topP) {
      this.topP = topP;
      return this;
    }

    /** Sets how many of the likeliest tokens are kept; 0 or -1: all. */
    public Builder topK(@Nullable Integer topK) {
      this.topK = topK;
      return this;
    }

    /** Sets the share of the likeliest token's probability below which tokens are dropped, 0 to 1. */
    public Builder minP(@Nullable Double minP) {
      this.minP = minP;
      return this;
    }

    /** Sets the most tokens to generate. */
    public Builder maxCompletionTokens(@Nullable Integer maxCompletionTokens) {
      this.maxCompletionTokens = maxCompletionTokens;
      return this;
    }

    /** Sets up to four texts that end the answer. */
    public Builder stop(@Nullable List<String> stop) {
      this.stop = stop;
      return this;
    }

    /** Sets the seed of the draw. */
    public Builder seed(@Nullable Long seed) {
      this.seed = seed;
      return this;
    }

    /** Sets whether deltas are wanted as they are generated. */
    public Builder stream(@Nullable Boolean stream) {
      this.stream = stream;
      return this;
    }

    /** Sets who asks. */
    public Builder user(@Nullable String user) {
      this.user = user;
      return this;
    }

    /** Sets a field that this version does not know. */
    public Builder extra(String name, @Nullable Object value) {
      extra.put(name, value);
      return this;
    }

    /** Returns the request. */
    public ChatRequest build() {
      return new ChatRequest(
          model,
          messages,
          temperature,
          topP,
          topK,
          minP,
          maxCompletionTokens,
          null,
          stop,
          seed,
          stream,
          user,
          extra);
    }
  }
}
