package dev.satchel.publisher.kv;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Counts a client's requests. Safe for use by any thread. */
final class TrafficCounter {
  private final ConcurrentMap<Integer, LongAdder> byStatus = new ConcurrentHashMap<>();
  private final List<Consumer<Duration>> followers = new CopyOnWriteArrayList<>();
  private final LongAdder retries = new LongAdder();
  private final LongAdder bytesSent = new LongAdder();
  private final LongAdder bytesReceived = new LongAdder();

  /** Counts a request that has ended, and tells the followers how long it took. */
  void finished(int status, Duration took) {
    followers.forEach(follower -> follower.accept(took));
    byStatus.computeIfAbsent(status, first -> new LongAdder()).increment();
  }

  /** Calls the follower with the time that each request from now on takes, on any thread. */
  void follow(Consumer<Duration> follower) {
    followers.add(follower);
  }

  void retried() {
    retries.increment();
  }

  void sent(long bytes) {
    bytesSent.add(bytes);
  }

  void received(long bytes) {
    bytesReceived.add(bytes);
  }

  KvTraffic snapshot() {
    var counts =
        byStatus.entrySet().stream()
            .collect(Collectors.toMap(entry -> entry.getKey(), entry -> entry.getValue().sum()));
    return new KvTraffic(counts, retries.sum(), bytesSent.sum(), bytesReceived.sum());
  }
}
