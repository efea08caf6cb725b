package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Measures one {@link ReadPath} in this process and prints what it found as a line of JSON.
 * Arguments: the path, the kind of {@link UserIds}, the number of users, the threads that ask while
 * latencies are taken, and the milliseconds of each of the phases.
 */
public final class ReadTask {
  private static final int QUESTIONS = 1 << 19;
  private static final int BLOCK = 64;
  // more than 60 s of them, for a cache to be as full as it gets
  private static final int WARM_LOOKUPS = 3 * 60 * ReadPath.CACHED_LOOKUPS_PER_SECOND;

  private final ReadPath.Read read;
  private final String[] userIds;
  private final long phaseNanos;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private ReadTask(ReadPath.Read read, String[] userIds, long phaseNanos) {
    this.read = read;
    this.userIds = userIds;
    this.phaseNanos = phaseNanos;
  }

  /** Measures and prints. */
  public static void main(String[] arguments) throws Exception {
    ReadPath path = ReadPath.valueOf(arguments[0]);
    UserIds kind = UserIds.valueOf(arguments[1]);
    int users = Integer.parseInt(arguments[2]);
    int inFlight = Integer.parseInt(arguments[3]);
    long phaseNanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[4]));
    String[] userIds = kind.draw(users, QUESTIONS, 1);
    ReadPath.Read read = path.open(System.getenv(), users);
    System.out.println(new ReadTask(read, userIds, phaseNanos).measure(inFlight));
    System.exit(0);
  }

  private ObjectNode measure(int inFlight) throws Exception {
    if (read instanceof ReadPath.CachedPairs cached) {
      cached.warm(userIds, WARM_LOOKUPS);
    }
    count(1); // for the compiler, like much of what comes after
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    long misses = misses();
    Latencies latencies = new Latencies();
    for (Latencies some : everyThread(inFlight, this::sample)) {
      latencies.add(some);
    }
    found.set("nanos", latencies.toJson());
    if (read instanceof ReadPath.CachedPairs) {
      long lookups = found.get("nanos").get("samples").asLong();
      found.put("hitRate", 1 - (double) (misses() - misses) / lookups);
    }
    long before = allocatedBytes();
    double perSecond = count(1);
    long bytes = allocatedBytes() - before;
    found.put("perSecond1", perSecond);
    found.put("perSecond2", count(2));
    found.put("bytesPerLookup", bytes / (perSecond * phaseNanos / 1e9));
    return found;
  }

  private long misses() {
    return read instanceof ReadPath.CachedPairs cached ? cached.misses() : 0;
  }

  /** Times each lookup by itself: with the clock, whose own cost {@link ReadPath#NOTHING} shows. */
  private Latencies sample(int thread) {
    Latencies latencies = new Latencies();
    int at = thread * 0x9E3779B1;
    boolean any = false;
    long end = System.nanoTime() + phaseNanos;
    for (long now = System.nanoTime(); now < end; ) {
      String userId = userIds[at++ & (QUESTIONS - 1)];
      long start = System.nanoTime();
      any ^= read.of(userId);
      now = System.nanoTime();
      latencies.record(now - start);
    }
    keep(any);
    return latencies;
  }

  /** Lookups a second of so many threads, without a clock between the lookups of a block. */
  private double count(int threadCount) throws Exception {
    double perSecond = 0;
    for (double one : everyThread(threadCount, this::countOne)) {
      perSecond += one;
    }
    return perSecond;
  }

  private double countOne(int thread) {
    int at = thread * 0x9E3779B1 + 0x3C6EF372;
    boolean any = false;
    long lookups = 0;
    long start = System.nanoTime();
    long now = start;
    // the slow paths look at the clock each time: a block of theirs may take longer than the phase
    int block = 1;
    while (now - start < phaseNanos) {
      for (int i = 0; i < block; i++) {
        any ^= read.of(userIds[at++ & (QUESTIONS - 1)]);
      }
      lookups += block;
      now = System.nanoTime();
      block = (now - start) / lookups < 10_000 ? BLOCK : 1;
    }
    keep(any);
    return lookups * 1e9 / (now - start);
  }

  private interface OfThread<T> {
    T run(int thread);
  }

  private <T> Iterable<T> everyThread(int count, OfThread<T> work)
      throws InterruptedException, ExecutionException {
    List<Future<T>> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int thread = i;
      running.add(threads.submit(() -> work.run(thread)));
    }
    List<T> done = new ArrayList<>();
    for (Future<T> one : running) {
      done.add(one.get());
    }
    return done;
  }

  /** Of all threads that are alive; those here stay so for a minute after their work. */
  static long allocatedBytes() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  private static final AtomicBoolean KEPT = new AtomicBoolean();

  /** So that the compiler cannot leave out what nobody else looks at. */
  static void keep(boolean any) {
    KEPT.lazySet(any);
  }
}
