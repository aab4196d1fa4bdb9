package io.sirocco.client;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * On which topics a client has its answers written. Workers follow each request's headers and know
 * nothing of it.
 *
 * <p>Immutable.
 */
public enum ReplyTopicMode {
  /** Each answer has a new topic for itself, which is deleted afterwards: simple and private. */
  SINGLE_USE,
  /**
   * Answers have a topic for themselves while they are written; the topic is used again when its
   * request is closed and the delay for late readers has passed. Cheaper for the brokers at many
   * requests a second, as topics come and go seldom.
   */
  POOL,
  /**
   * All answers are written to {@link io.sirocco.contracts.topic.Topics#SHARED_REPLIES}, which is made
   * if it is missing and never deleted. It needs no topics of the client's own; but every client reads
   * the answers of all who share its partition, and so must trust them; and an id of one's own must be
   * unlike those of all other users.
   */
  SHARED;

  /** The name in settings: {@code single-use}, {@code pool} or {@code shared}. */
  public String settingName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the mode of that name.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static ReplyTopicMode ofSettingName(String name) {
    return Arrays.stream(values())
        .filter(mode -> mode.settingName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("expected one of "
            + Arrays.stream(values())
                .map(ReplyTopicMode::settingName)
                .collect(Collectors.joining(", "))
            + ", found '" + name + "'"));
  }

  @Override
  public String toString() {
    return settingName();
  }
}
