package io.sirocco.settings;

import org.jspecify.annotations.Nullable;

/**
 * What a setting was set to, and where.
 *
 * <p>Immutable.
 *
 * @param text the value; null if it refers to something that is not there
 * @param raw the value before its references were followed
 * @param origin the place, in words
 */
record Given(@Nullable String text, String raw, String origin) {}
