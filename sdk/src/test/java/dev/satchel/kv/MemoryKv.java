package dev.satchel.kv;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A namespace in memory that refuses, stalls and forgets when told to. Safe for any thread. */
public final class MemoryKv implements KvReader {

  /** What reads do from now on. */
  public enum Mode {
    /** They answer. */
    SOUND,
    /** They fail as a store that answers 503. */
    REFUSING,
    /** They end only when they are interrupted, or the mode changes. */
    STALLED,
    /** They throw what no reader should. */
    THROWING
  }

  private final Map<String, byte[]> values = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Object>> metadata = new ConcurrentHashMap<>();
  private final List<String> valuesRead = new CopyOnWriteArrayList<>();
  private final AtomicInteger valueReads = new AtomicInteger();
  private final AtomicInteger metadataReads = new AtomicInteger();
  private Mode metadataMode = Mode.SOUND; // guarded by this
  private Mode valueMode = Mode.SOUND; // guarded by this

  public void put(String key, byte[] value, @Nullable Map<String, Object> about) {
    values.put(key, value);
    metadata.remove(key);
    if (about != null) {
      metadata.put(key, about);
    }
  }

  public void remove(String key) {
    values.remove(key);
    metadata.remove(key);
  }

  public synchronized void set(Mode mode) {
    metadataMode = mode;
    valueMode = mode;
    notifyAll();
  }

  public synchronized void setForValues(Mode mode) {
    valueMode = mode;
    notifyAll();
  }

  public int valueReads() {
    return valueReads.get();
  }

  /** The keys whose values were asked for, in order. */
  public List<String> valuesRead() {
    return valuesRead;
  }

  public int metadataReads() {
    return metadataReads.get();
  }

  @Override
  public Optional<byte[]> value(String key, int expectedBytes) throws InterruptedException {
    valueReads.incrementAndGet();
    valuesRead.add(key);
    passOrFail(true);
    return Optional.ofNullable(values.get(key));
  }

  @Override
  public Optional<Map<String, @Nullable Object>> metadata(String key) throws InterruptedException {
    metadataReads.incrementAndGet();
    passOrFail(false);
    return Optional.ofNullable(metadata.get(key)).map(HashMap::new);
  }

  private synchronized void passOrFail(boolean value) throws InterruptedException {
    while ((value ? valueMode : metadataMode) == Mode.STALLED) {
      wait();
    }
    switch (value ? valueMode : metadataMode) {
      case REFUSING -> throw new KvException("expected status 200 but found 503", 503, 0);
      case THROWING -> throw new IllegalStateException("thrown, not answered");
      case SOUND, STALLED -> {}
    }
  }
}
