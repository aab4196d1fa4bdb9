package io.sirocco.client;

import static java.util.stream.Collectors.joining;

import io.sirocco.contracts.chat.ChatRequest;
import io.sirocco.contracts.error.ErrorBody;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.model.ModelAnnouncement;
import io.sirocco.contracts.model.ModelCatalog;
import io.sirocco.contracts.topic.Topics;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Routes a request by the model that it names, or to the default model if it names none.
 *
 * <p>Immutable and thread-safe.
 */
record ModelRouter(ModelDirectory directory) implements RequestRouter {

  @Override
  public Route route(ChatRequest request, String requestId)
      throws TimeoutException, InterruptedException {
    String asked = request.model();
    Optional<ModelAnnouncement> found = directory.find(asked);
    if (found.isEmpty()) {
      throw new ChatFailedException(requestId, notFound(directory.catalog(), asked));
    }
    ModelAnnouncement model = found.get();
    // A worker that was started before an alias was given does not know the alias.
    return new Route(
        model.requestTopic(), asked == null ? request : request.withModel(model.name()));
  }

  private static ErrorBody notFound(ModelCatalog catalog, @Nullable String asked) {
    String known = catalog.models().isEmpty()
        ? "a model that is announced on '" + Topics.MODELS + "', where there is none"
        : catalog.models().stream()
            .map(ModelAnnouncement::name)
            .collect(joining(", ", "one of the models ", " or an alias of one"));
    return asked == null
        ? ErrorBody.of(
            ErrorCode.MODEL_NOT_FOUND,
            "expected " + known + ", as none is the default, found no model named",
            "model",
            null)
        : ErrorBody.of(
            ErrorCode.MODEL_NOT_FOUND,
            "expected " + known + ", found '" + asked + "'",
            "model",
            null);
  }
}
