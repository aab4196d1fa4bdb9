package io.sirocco.worker.simulation;

import io.sirocco.contracts.reply.ReplyCheckpoint.Choice;
import io.sirocco.worker.prompt.RequestMapper;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How all requests are answered when nothing goes wrong.
 *
 * <p>Immutable.
 *
 * @param byRequestId the choices of each answer
 */
record Undisturbed(Map<String, List<Choice>> byRequestId) {
  /** Knows nothing. */
  static final Undisturbed UNKNOWN = new Undisturbed(Map.of());

  Undisturbed {
    byRequestId = Map.copyOf(byRequestId);
  }

  /** Has one worker answer every request. */
  static Undisturbed by(RequestMapper mapper) {
    SimWorld world =
        new SimWorld(0, mapper, Trouble.NONE, EnumSet.allOf(Guarantee.class), Set.of());
    for (int number = 0; number < SimRequest.COUNT; number++) {
      world.ask(SimRequest.of(number), UNKNOWN);
    }
    world.play();
    Map<String, List<Choice>> answers = new HashMap<>();
    for (Asked asked : world.observed().asked()) {
      int choices = asked.request().body().contains("\"n\":2") ? 2 : 1;
      answers.put(
          asked.request().id(),
          IntStream.range(0, choices).mapToObj(asked.answer()::choice).toList());
    }
    return new Undisturbed(answers);
  }

  List<Choice> choices(SimRequest request) {
    return byRequestId.getOrDefault(request.id(), List.of());
  }
}
