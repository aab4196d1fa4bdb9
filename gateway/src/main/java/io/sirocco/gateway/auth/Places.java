package io.sirocco.gateway.auth;

import io.sirocco.gateway.refusal.Refusal;
import io.sirocco.gateway.refusal.RefusedException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many answers are open, in all and of each caller: so many that somebody reads or waits for, and as
 * many again that were asked for here and go on without a reader. Of the latter there are more for a
 * while when readers go away, until which time nobody can ask for another.
 *
 * <p>Thread-safe.
 */
public final class Places {
  private final int most;
  private final Map<String, Open> callers = new HashMap<>();
  private final Map<Key, Integer> unreadKeys = new HashMap<>();
  private Open all = Open.NONE;

  /** Under which a caller asked. */
  private record Key(String caller, String value) {}

  /** How many answers are open, with and without a reader. */
  private record Open(int read, int unread) {
    static final Open NONE = new Open(0, 0);

    Open plus(int moreRead, int moreUnread) {
      return new Open(read + moreRead, unread + moreUnread);
    }
  }

  /** @param most how many answers may be read at once, and go on without a reader */
  public Places(int most) {
    this.most = most;
  }

  /** A place for one open answer; to give it back twice is to give it back once. */
  public interface Place extends AutoCloseable {
    /** The answer goes on without its reader. */
    void leave();

    @Override
    void close();
  }

  /**
   * Takes a place for an answer that is asked for and read. Whoever asks again under the key of an
   * answer that nobody reads comes to read it, and is not refused for it.
   *
   * @param key under which the same is asked again, or null
   * @throws RefusedException when there is none, in all or for the caller
   */
  public synchronized Place ask(Caller caller, @Nullable String key) {
    requireReadable(caller);
    requireUnread(caller, key);
    return take(caller, key, true);
  }

  /**
   * Takes a place for an answer that is asked for in the background.
   *
   * @param key as in {@link #ask}
   * @throws RefusedException when there is none, in all or for the caller
   */
  public synchronized Place askInBackground(Caller caller, @Nullable String key) {
    requireUnread(caller, key);
    return take(caller, key, false);
  }

  /**
   * Takes a place for an answer that was asked for before.
   *
   * @throws RefusedException when there is none, in all or for the caller
   */
  public synchronized Place read(Caller caller) {
    requireReadable(caller);
    return take(caller, null, true);
  }

  private void requireReadable(Caller caller) {
    if (of(caller).read() >= caller.maxStreams()) {
      throw new RefusedException(Refusal.tooMany(
          "expected at most " + caller.maxStreams() + " open answers of this API key"));
    }
    if (all.read() >= most) {
      throw new RefusedException(Refusal.overloaded("as many answers are open as there may be"));
    }
  }

  private void requireUnread(Caller caller, @Nullable String key) {
    if (key != null && unreadKeys.containsKey(new Key(caller.place(), key))) {
      return;
    }
    if (of(caller).unread() >= caller.maxStreams()) {
      throw new RefusedException(Refusal.tooMany("expected at most " + caller.maxStreams()
          + " open answers of this API key that nobody reads"));
    }
    if (all.unread() >= most) {
      throw new RefusedException(
          Refusal.overloaded("as many answers go on without a reader as there may be"));
    }
  }

  private Open of(Caller caller) {
    return callers.getOrDefault(caller.place(), Open.NONE);
  }

  private Place take(Caller caller, @Nullable String key, boolean read) {
    Held held = new Held(caller.place(), key, read);
    held.count(1);
    return held;
  }

  private void count(String caller, int read, int unread) {
    all = all.plus(read, unread);
    callers.compute(caller, (name, before) -> {
      Open now = (before == null ? Open.NONE : before).plus(read, unread);
      return now.equals(Open.NONE) ? null : now;
    });
  }

  /** How many answers are read or waited for. */
  public synchronized int open() {
    return all.read();
  }

  /** How many answers go on without a reader. */
  public synchronized int unread() {
    return all.unread();
  }

  private final class Held implements Place {
    private final String caller;
    private final @Nullable String key;
    private boolean read;
    private boolean given;

    Held(String caller, @Nullable String key, boolean read) {
      this.caller = caller;
      this.key = key;
      this.read = read;
    }

    /** Counts it, or with -1 no longer. */
    private void count(int more) {
      Places.this.count(caller, read ? more : 0, read ? 0 : more);
      if (!read && key != null) {
        unreadKeys.merge(
            new Key(caller, key), more, (had, now) -> had + now == 0 ? null : had + now);
      }
    }

    @Override
    public void leave() {
      synchronized (Places.this) {
        if (read && !given) {
          count(-1);
          read = false;
          count(1);
        }
      }
    }

    @Override
    public void close() {
      synchronized (Places.this) {
        if (!given) {
          given = true;
          count(-1);
        }
      }
    }
  }
}
