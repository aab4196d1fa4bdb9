package io.sirocco.contracts.model;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sirocco.contracts.topic.Topics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker tells about the model it serves: a record of the compacted topic {@code
 * chat.models}.
 *
 * <p>A model that was ready once has one record, whose key is its name, and which no worker ever
 * removes: its request topic takes requests also while no worker lives. Of workers that disagree, the
 * one that became ready last is right. A worker that loads writes under a key of its own, so that it
 * cannot hide what others have ready, and removes that record again.
 *
 * <p>Immutable.
 *
 * @param name the name under which the model answers
 * @param aliases other names that it is asked for by
 * @param requestTopic where its requests wait
 * @param contextLength the most tokens of prompt and answer together; null while it is loading
 * @param state how far the worker was
 * @param isDefault whether requests that name no model are meant for it
 * @param worker who announces; its answers' {@code writer} headers begin with it
 * @param updatedAtMillis when it was announced, in milliseconds since the epoch
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelAnnouncement(
    @JsonProperty("name") String name,
    @JsonProperty("aliases") List<String> aliases,
    @JsonProperty("request_topic") String requestTopic,
    @JsonProperty("context_length") @Nullable Integer contextLength,
    @JsonProperty("state") ModelState state,
    @JsonProperty("default") boolean isDefault,
    @JsonProperty("worker") String worker,
    @JsonProperty("updated_at") long updatedAtMillis) {

  public ModelAnnouncement {
    requireNonNull(name, "name");
    requireNonNull(requestTopic, "request_topic");
    requireNonNull(state, "state");
    requireNonNull(worker, "worker");
    aliases = new ModelNames(name, requireNonNull(aliases, "aliases")).aliases();
    if (!Topics.isLegal(requestTopic)) {
      throw new IllegalArgumentException(
          "expected a topic's name in request_topic, found '" + requestTopic + "'");
    }
  }

  /** The key of its record. */
  public String key() {
    return state == ModelState.READY ? name : loadingKey(name, worker);
  }

  /** Returns the key of the record by which {@code worker} tells that it loads {@code name}. */
  public static String loadingKey(String name, String worker) {
    // No name of a model has a slash.
    return name + "/" + worker;
  }

  /** The names by which the model is asked for. */
  public ModelNames names() {
    return new ModelNames(name, aliases);
  }
}
