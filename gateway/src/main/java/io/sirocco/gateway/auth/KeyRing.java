package io.sirocco.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sirocco.contracts.json.JsonCodec;
import io.sirocco.contracts.json.MalformedJsonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API keys that are valid now: those of a text, and those of a file, which is read again when it
 * changes. A file with a mistake changes nothing.
 *
 * <p>Thread-safe.
 */
public final class KeyRing {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);

  private final JsonCodec codec = new JsonCodec();
  private final List<Entry> fixed;
  private final @Nullable Path file;
  private volatile List<Entry> entries;
  private @Nullable FileTime read;
  private @Nullable String fault;

  @SuppressWarnings("ArrayRecordComponent") // Compared by MessageDigest.isEqual alone.
  private record Entry(byte[] hash, Caller caller) {}

  /**
   * @param text a {@link KeyList} as JSON, or null
   * @param file a file with such a text, or null
   * @throws IllegalArgumentException when a text is no list of keys
   * @throws IOException when the file cannot be read
   */
  public KeyRing(@Nullable String text, @Nullable Path file) throws IOException {
    this.file = file;
    this.fixed = text == null ? List.of() : parse("the list of keys", text);
    this.entries = fixed;
    if (file != null) {
      load(file);
    }
  }

  private void load(Path keys) throws IOException {
    FileTime modified = Files.getLastModifiedTime(keys);
    String text = Files.readString(keys);
    read = modified; // What cannot be read now is tried again; what is wrong in it stays so.
    List<Entry> all = new ArrayList<>(fixed);
    all.addAll(parse(keys.toString(), text));
    entries = List.copyOf(all);
  }

  private List<Entry> parse(String where, String text) {
    try {
      return codec.read(text, KeyList.class).keys().stream()
          .map(key -> new Entry(HexFormat.of().parseHex(key.sha256()), Caller.of(key)))
          .toList();
    } catch (MalformedJsonException e) {
      throw new IllegalArgumentException(where + ": " + e.getMessage(), e);
    }
  }

  /** Reads the file again if it has changed. */
  public synchronized void refresh() {
    Path keys = file;
    if (keys == null) {
      return;
    }
    try {
      if (!Files.getLastModifiedTime(keys).equals(read)) {
        load(keys);
        fault = null;
        LOG.info("{} API keys are valid now", entries.size());
      }
    } catch (IOException | IllegalArgumentException e) {
      if (!e.toString().equals(fault)) {
        fault = e.toString();
        LOG.warn("the API keys stay as they were: {}", fault);
      }
    }
  }

  /** Returns whose key it is. All keys are compared, each in the same time wherever they differ. */
  public Optional<Caller> find(String key) {
    byte[] hash = sha256(key);
    Caller found = null;
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.hash(), hash)) {
        found = entry.caller();
      }
    }
    return Optional.ofNullable(found);
  }

  private static byte[] sha256(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("expected SHA-256, which every Java has, found none", e);
    }
  }
}
