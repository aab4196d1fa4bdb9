package io.sirocco.gateway.http;

import io.sirocco.client.SiroccoClient;
import io.sirocco.contracts.error.ErrorCode;
import io.sirocco.contracts.model.ModelAnnouncement;
import io.sirocco.gateway.auth.Caller;
import io.sirocco.gateway.refusal.Refusal;
import io.sirocco.gateway.refusal.RefusedException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The models that callers may ask, and what is told about them.
 *
 * <p>Thread-safe.
 */
final class Models {
  private static final long MILLIS_PER_SECOND = 1000;

  private final SiroccoClient client;
  private final KafkaCalls kafka;

  Models(SiroccoClient client, KafkaCalls kafka) {
    this.client = client;
    this.kafka = kafka;
  }

  /**
   * Refuses a model that a caller may not ask, as if it did not exist.
   *
   * @param asked as the request names it; null: the default model
   */
  void require(Caller caller, @Nullable String asked) {
    if (caller.models() != null && find(asked).filter(caller::mayAsk).isEmpty()) {
      throw unknown(asked);
    }
  }

  private Optional<ModelAnnouncement> find(@Nullable String asked) {
    return kafka.make(() -> client.findModel(asked));
  }

  private static RefusedException unknown(@Nullable String asked) {
    return new RefusedException(Refusal.of(
        ErrorCode.MODEL_NOT_FOUND,
        "model",
        asked == null
            ? "expected the name of a model, found none, and no default"
            : "expected a model that exists and that you may ask, found another name"));
  }

  /** Answers with all models of the caller's. */
  void list(Exchange exchange, Caller caller) {
    List<Map<String, Object>> models = kafka.make(client::models).stream()
        .filter(caller::mayAsk)
        .map(Models::told)
        .toList();
    exchange.answer(200, Map.of("object", "list", "data", models));
  }

  /** Answers with one model. */
  void one(Exchange exchange, Caller caller, String name) {
    ModelAnnouncement model = find(name).filter(caller::mayAsk).orElseThrow(() -> unknown(name));
    exchange.answer(200, told(model));
  }

  /** Answers with the default model, as Azure's inference tells it. */
  void info(Exchange exchange, Caller caller) {
    ModelAnnouncement model = find(null).filter(caller::mayAsk).orElseThrow(() -> unknown(null));
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("model_name", model.name());
    members.put("model_type", "chat-completion");
    members.put("model_provider_name", "sirocco");
    exchange.answer(200, members);
  }

  private static Map<String, Object> told(ModelAnnouncement model) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("id", model.name());
    members.put("object", "model");
    members.put("created", model.updatedAtMillis() / MILLIS_PER_SECOND);
    members.put("owned_by", "sirocco");
    if (model.contextLength() != null) {
      members.put("context_length", model.contextLength());
    }
    return members;
  }
}
