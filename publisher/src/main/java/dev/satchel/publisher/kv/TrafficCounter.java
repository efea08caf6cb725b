package dev.satchel.publisher.kv;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts a client's requests. Safe for use by any thread. */
final class TrafficCounter {
  private final ConcurrentMap<Integer, LongAdder> byStatus = new ConcurrentHashMap<>();
  private final LongAdder retries = new LongAdder();
  private final LongAdder bytesSent = new LongAdder();
  private final LongAdder bytesReceived = new LongAdder();

  void finished(int status) {
    byStatus.computeIfAbsent(status, first -> new LongAdder()).increment();
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
