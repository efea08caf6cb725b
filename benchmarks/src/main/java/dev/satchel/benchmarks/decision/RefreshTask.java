package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.ThreadMXBean;
import dev.satchel.sdk.BooleanField;
import dev.satchel.sdk.ClientStatus;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigClientOptions;
import dev.satchel.sdk.source.AnnouncedPatch;
import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SnapshotSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * An application that does nothing but lookups, back to back on one thread, and records the time
 * from one answer to the next. Arguments: the number of users, and the names of fields to use
 * beside that of the lookups, with commas between them, if any. Lines: {@code idle MILLIS} and
 * {@code refresh MILLIS}, which also refreshes at the start of that time; each is answered with
 * what was seen meanwhile.
 */
public final class RefreshTask {
  private static final int QUESTIONS = 1 << 16;

  private final ConfigClient client;
  private final AtomicLong longestPauseMillis = new AtomicLong();
  private volatile Latencies gaps = new Latencies();

  private RefreshTask(ConfigClient client) {
    this.client = client;
  }

  /** Answers until standard input ends. */
  public static void main(String[] arguments) throws Exception {
    int users = Integer.parseInt(arguments[0]);
    Map<String, String> settings = new HashMap<>(System.getenv());
    settings.put("SATCHEL_KEY", Store.key(users));
    settings.put("SATCHEL_WHEN_NOTHING", "fail");
    settings.put("SATCHEL_START_TIMEOUT", "60s");
    settings.put("SATCHEL_POLL_INTERVAL", "PT24H"); // refreshes only happen when ordered
    settings.put("SATCHEL_REQUEST_BUDGET", "1000000");
    ConfigClientOptions options = ConfigClientOptions.fromEnv(settings);
    SnapshotSource source = new Counted(ConfigClient.sourceFromEnv(settings, options));
    RefreshTask task = new RefreshTask(ConfigClient.openBlocking(source, options));
    if (arguments.length > 1) {
      task.use(arguments[1].split(",", -1));
    }
    task.listen();
    Thread lookups =
        new Thread(() -> task.lookUp(UserIds.UNIFORM.draw(users, QUESTIONS, 1)), "lookups");
    lookups.setDaemon(true);
    lookups.start();
    task.obey();
    System.exit(0);
  }

  /** Counts what calls allocate: the client makes each call on a thread that ends with it. */
  private record Counted(SnapshotSource source) implements SnapshotSource {
    private static final AtomicLong BYTES = new AtomicLong();

    @Override
    public Optional<Announcement> announcement() throws Exception {
      return counted(source::announcement);
    }

    @Override
    public Optional<byte[]> value(Announcement announced) throws Exception {
      return counted(() -> source.value(announced));
    }

    @Override
    public Optional<byte[]> patch(long revision, AnnouncedPatch patch) throws Exception {
      return counted(() -> source.patch(revision, patch));
    }

    private static <T> T counted(Callable<T> call) throws Exception {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      try {
        return call.call();
      } finally {
        BYTES.addAndGet(threads.getCurrentThreadAllocatedBytes() - before);
      }
    }

    @Override
    public String identity() {
      return source.identity();
    }

    @Override
    public void close() {
      source.close();
    }

    @Override
    public String toString() {
      return source.toString();
    }
  }

  private static long allocatedBytes() {
    return ReadTask.allocatedBytes() + Counted.BYTES.get();
  }

  /** Makes the client open these fields, in this revision and the next ones. */
  private void use(String[] fields) {
    for (String field : fields) {
      client.view().getValue("any", field, "");
    }
  }

  private void listen() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener(
              (told, handback) -> {
                GarbageCollectionNotificationInfo info =
                    GarbageCollectionNotificationInfo.from((CompositeData) told.getUserData());
                longestPauseMillis.accumulateAndGet(info.getGcInfo().getDuration(), Math::max);
              },
              null,
              null);
    }
  }

  private void lookUp(String[] userIds) {
    BooleanField preview = client.booleanField(ReadPath.FIELD);
    boolean any = false;
    long last = System.nanoTime();
    for (int at = 0; ; at++) {
      any ^= preview.get(userIds[at & (QUESTIONS - 1)], false);
      long now = System.nanoTime();
      gaps.record(now - last);
      last = now;
      if ((at & 0xFFFFF) == 0) {
        ReadTask.keep(any);
      }
    }
  }

  private void obey() throws IOException, InterruptedException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ", 2);
      System.out.println(window(words[0].equals("refresh"), Long.parseLong(words[1])));
    }
  }

  private ObjectNode window(boolean refreshes, long millis) throws InterruptedException {
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    Latencies seen = new Latencies();
    longestPauseMillis.set(0);
    long revision = client.status().revision();
    long bytes = allocatedBytes();
    long[] collections = collections();
    long start = System.nanoTime();
    gaps = seen;
    if (refreshes) {
      ClientStatus status = client.refreshBlocking();
      found.put("millis", (System.nanoTime() - start) / 1e6);
      if (status.revision() <= revision) {
        throw new IllegalStateException("expected a revision after " + revision + ": " + status);
      }
    }
    TimeUnit.NANOSECONDS.sleep(start + millis * 1_000_000 - System.nanoTime());
    gaps = new Latencies();
    found.put("allocatedBytes", allocatedBytes() - bytes);
    long[] later = collections();
    found.put("collections", later[0] - collections[0]);
    found.put("collectionMillis", later[1] - collections[1]);
    found.put("longestCollectionMillis", longestPauseMillis.get());
    found.set("gapNanos", seen.toJson());
    return found;
  }

  /** Returns the number of collections, and how many milliseconds they took. */
  private static long[] collections() {
    long count = 0;
    long millis = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      count += collector.getCollectionCount();
      millis += collector.getCollectionTime();
    }
    return new long[] {count, millis};
  }
}
