package io.sirocco.worker.prompt;

import io.sirocco.contracts.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All fields that a request may have besides its model and its messages, by what they are about.
 *
 * <p>Immutable.
 *
 * @param title what its fields are about
 * @param fields in the order of the reference
 */
record Parameters(String title, List<RequestField<?>> fields) {
  /** In the order of the reference. */
  static final List<Parameters> GROUPS = List.of(
      new Parameters("How tokens are chosen", SamplingFields.ALL),
      new Parameters("How long, and how many", LengthFields.ALL),
      new Parameters("What ends an answer", StopFields.ALL),
      new Parameters("What records hold", OutputFields.ALL),
      new Parameters("How the answer follows on", ContinuationFields.ALL),
      new Parameters("The prefix cache", CacheFields.ALL),
      new Parameters("Who asks", SenderFields.ALL),
      new Parameters("Structured output and tools", ToolFields.ALL));

  private static final Set<String> NAMES =
      all().map(RequestField::name).collect(Collectors.toUnmodifiableSet());

  Parameters {
    fields = List.copyOf(fields);
  }

  /** All fields of all groups. */
  static Stream<RequestField<?>> all() {
    return GROUPS.stream().map(Parameters::fields).flatMap(List::stream);
  }

  /** Returns the fields and members of a request that nobody knows, in the order they came. */
  static List<String> unknown(RequestFields fields) throws InvalidRequestException {
    List<String> unknown = new ArrayList<>(fields.names());
    unknown.removeIf(name -> NAMES.contains(name) || fields.value(name) == null);
    unknown.addAll(OutputFields.unknownMembers(fields));
    return unknown;
  }
}
