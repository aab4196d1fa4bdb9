package io.sirocco.contracts.topic;

import java.util.regex.Pattern;

/**
 * The names of Sirocco's topics and of the consumer groups that read them.
 *
 * <p>Immutable.
 */
public final class Topics {
  /** Prefix of every request topic; the name of the served model follows. */
  public static final String REQUESTS_PREFIX = "chat.requests.";

  /** What workers tell about the models that they serve; compacted. */
  public static final String MODELS = "chat.models";

  /** Suffix that a topic's dead-letter topic adds. */
  public static final String DEAD_LETTER_SUFFIX = "-dlt";

  /** Prefix of every reply topic. */
  public static final String REPLIES_PREFIX = "chat.replies.";

  /** A reply topic that many requests share, for clients that make none of their own. */
  public static final String SHARED_REPLIES = REPLIES_PREFIX + "shared";

  /** What is to be done with requests, such as to cancel them; compacted, every worker reads all. */
  public static final String CONTROL = "chat.control";

  /** Where the answers to requests live; compacted, and expires with them. */
  public static final String STREAMS = "chat.streams";

  /** What each request record used; the key is the user. */
  public static final String USAGE = "chat.usage";

  /**
   * How many partitions {@link #USAGE} gets, whoever makes it first: the number is for good, as the
   * stores of the usage application are divided like it.
   */
  public static final int USAGE_PARTITIONS = 4;

  /** What readers of answers saw; the key is the user, the partitions are those of {@link #USAGE}. */
  public static final String RECEIPTS = "chat.receipts";

  /**
   * What windows cost after their history was priced again; the key is the user, the partitions are
   * those of {@link #USAGE}.
   */
  public static final String CORRECTIONS = "chat.usage.corrections";

  /** What tokens cost; compacted, the key is the model. */
  public static final String PRICES = "chat.prices";

  /** What usage adds up to, by user, model and window; compacted. */
  public static final String USAGE_BY_USER = "chat.usage.by-user";

  /**
   * Reply topics that a worker may write to. A reply topic is named by the requester, so a worker
   * that wrote wherever it is told could be turned against any topic that it has the right to write.
   */
  public static final Pattern ALLOWED_REPLY_TOPICS = Pattern.compile("chat\\.replies\\..+");

  /** Kafka's own rule for the name of a topic: at most 249 of these characters. */
  private static final Pattern LEGAL_NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  private Topics() {}

  /** Returns the topic on which requests for {@code model} wait. */
  public static String requests(String model) {
    return requireLegal(REQUESTS_PREFIX + model);
  }

  /** Returns the topic that keeps what was on {@code topic} and could not be taken. */
  public static String deadLetters(String topic) {
    return requireLegal(topic + DEAD_LETTER_SUFFIX);
  }

  /**
   * Returns the {@code number}-th single-use reply topic of one client.
   *
   * @param client unique to one run of a client: a name is never used twice
   */
  public static String replies(String client, long number) {
    return requireLegal(REPLIES_PREFIX + client + "." + number);
  }

  /** Returns the consumer group that all workers of {@code requestTopic} share. */
  public static String workerGroup(String requestTopic) {
    return "sirocco-workers." + requestTopic;
  }

  /** Whether {@code name} is a name that Kafka accepts for a topic. */
  public static boolean isLegal(String name) {
    return LEGAL_NAME.matcher(name).matches() && !name.equals(".") && !name.equals("..");
  }

  private static String requireLegal(String name) {
    if (!isLegal(name)) {
      throw new IllegalArgumentException(
          "expected a topic name of 1 to 249 of the characters a-z A-Z 0-9 . _ -, found '" + name
              + "'");
    }
    return name;
  }
}
