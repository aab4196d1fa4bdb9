package io.sirocco.contracts.json;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of any JSON object, in the order they came.
 *
 * <p>Immutable when the map is.
 *
 * @param values strings, booleans, numbers, lists, maps and nulls
 */
record JsonMembers(@JsonAnySetter Map<String, @Nullable Object> values) {}
