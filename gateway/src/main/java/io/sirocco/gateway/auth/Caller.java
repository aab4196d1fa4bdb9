package io.sirocco.gateway.auth;

import io.sirocco.contracts.model.ModelAnnouncement;
import io.sirocco.contracts.request.RequestKey;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and what they may.
 *
 * <p>Immutable.
 *
 * @param user who pays
 * @param place under what their open answers are counted
 * @param models the models that may be asked, by name or alias; null: all
 * @param maxStreams how many answers may be read at once, and as many again go on without a reader
 */
public record Caller(String user, String place, @Nullable List<String> models, int maxStreams) {

  /** Whoever asks where no keys are needed: the user that the request names, or nobody. */
  public static Caller ofKeyless(@Nullable String user) {
    String name = user == null || user.isEmpty() ? RequestKey.ANONYMOUS : user;
    return new Caller(name, "", null, Integer.MAX_VALUE);
  }

  static Caller of(ApiKey key) {
    int most = key.maxStreams() == null ? Integer.MAX_VALUE : key.maxStreams();
    return new Caller(key.user(), key.sha256().toLowerCase(Locale.ROOT), key.models(), most);
  }

  /** Whether a model may be asked. */
  public boolean mayAsk(ModelAnnouncement model) {
    return models == null || models.stream().anyMatch(model.names()::includes);
  }
}
