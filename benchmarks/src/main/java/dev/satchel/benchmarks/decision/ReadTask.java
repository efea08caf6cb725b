package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures one {@link ReadPath} in this process and prints the result as a line of JSON. Arguments:
 * the path, the kind of {@link UserIds}, the number of users, the threads that ask while latencies
 * are taken, and the milliseconds of each of the phases; with several threads, latencies are taken
 * three times as long.
 */
public final class ReadTask {
  // so many that a cache has forgotten them when they come again
  private static final int QUESTIONS = 1 << 21;
  private static final int BLOCK = 64;
  private static final int FAST_NANOS = 10_000;
  // more than 60 s worth of lookups, so that the cache is as full as it gets
  private static final int WARM_LOOKUPS = 3 * 60 * ReadPath.CACHED_LOOKUPS_PER_SECOND;

  private final ReadPath.Read read;
  private final String[] userIds;
  private final long phaseNanos;
  private final long sampleNanos;
  private final AtomicInteger asked = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private ReadTask(ReadPath.Read read, String[] userIds, long phaseNanos, long sampleNanos) {
    this.read = read;
    this.userIds = userIds;
    this.phaseNanos = phaseNanos;
    this.sampleNanos = sampleNanos;
  }

  /** Measures and prints the result. */
  public static void main(String[] arguments) throws Exception {
    ReadPath path = ReadPath.valueOf(arguments[0]);
    UserIds kind = UserIds.valueOf(arguments[1]);
    int users = Integer.parseInt(arguments[2]);
    int inFlight = Integer.parseInt(arguments[3]);
    long phaseNanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[4]));
    // slow paths are measured for longer, or there would be too few samples for percentiles
    long sampleNanos = inFlight == 1 ? phaseNanos : 3 * phaseNanos;
    String[] userIds = kind.draw(users, QUESTIONS, 1);
    ReadPath.Read read = path.open(System.getenv(), users);
    System.out.println(new ReadTask(read, userIds, phaseNanos, sampleNanos).measure(inFlight));
    System.exit(0);
  }

  private ObjectNode measure(int inFlight) throws Exception {
    if (read instanceof ReadPath.CachedPairs cached) {
      for (int i = 0; i < WARM_LOOKUPS; i += BLOCK) {
        cached.warm(userIds, nextBlock(), BLOCK);
      }
    }
    count(1); // lets the compiler warm up, like much of what follows
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

  /**
   * Times each lookup individually, including the clock, whose own cost {@link ReadPath#NOTHING}
   * shows.
   */
  private Latencies sample() {
    Latencies latencies = new Latencies();
    int at = 0;
    boolean any = false;
    long end = System.nanoTime() + sampleNanos;
    for (long now = System.nanoTime(); now < end; ) {
      at = at % BLOCK == 0 ? nextBlock() : at;
      String userId = userIds[at++];
      long start = System.nanoTime();
      any ^= read.of(userId);
      now = System.nanoTime();
      latencies.record(now - start);
    }
    keep(any);
    return latencies;
  }

  /**
   * Returns the lookups a second of this many threads, without a clock between the lookups of a
   * block.
   */
  private double count(int threadCount) throws Exception {
    double perSecond = 0;
    for (double one : everyThread(threadCount, this::countOne)) {
      perSecond += one;
    }
    return perSecond;
  }

  private double countOne() {
    boolean any = false;
    long lookups = 0;
    long start = System.nanoTime();
    long now = start;
    // a slow path looks at the clock each time, since a block may take longer than the phase
    boolean isFast = false;
    while (now - start < phaseNanos) {
      int at = nextBlock();
      for (int end = at + BLOCK; at < end && (isFast || now - start < phaseNanos); at++) {
        any ^= read.of(userIds[at]);
        lookups++;
        now = isFast ? now : System.nanoTime();
      }
      now = System.nanoTime();
      isFast = (now - start) / lookups < FAST_NANOS;
    }
    keep(any);
    return lookups * 1e9 / (now - start);
  }

  /**
   * Returns where the next {@link #BLOCK} unused users to ask for begin; starts again when all were
   * used.
   */
  private int nextBlock() {
    return asked.getAndAdd(BLOCK) & (QUESTIONS - 1);
  }

  private <T> Iterable<T> everyThread(int count, Callable<T> work)
      throws InterruptedException, ExecutionException {
    List<Future<T>> running = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      running.add(threads.submit(work));
    }
    List<T> done = new ArrayList<>();
    for (Future<T> one : running) {
      done.add(one.get());
    }
    return done;
  }

  /**
   * Returns what all living threads have allocated; those here live for a minute after their work.
   */
  static long allocatedBytes() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }

  private static final AtomicBoolean KEPT = new AtomicBoolean();

  /** Keeps the compiler from removing a result that nobody else uses. */
  static void keep(boolean any) {
    KEPT.lazySet(any);
  }
}
