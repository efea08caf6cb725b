package dev.satchel.benchmarks.soak;

import dev.satchel.benchmarks.decision.Latencies;
import dev.satchel.sdk.BooleanField;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.sdk.ConfigView;
import dev.satchel.sdk.LongField;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * An application that looks up its users all the time: a client with its own threads and disk copy,
 * and a thread that makes 10,000 lookups a second in bursts of 500. Half are booleans by UUID, a
 * quarter integers by UUID, a quarter booleans by text; each is timed individually.
 */
final class Reader {
  private static final int BURST = 500;
  private static final long PAUSE_MILLIS = 50;

  /** A client and its handles, which are created once. */
  private record Opened(ConfigClient client, BooleanField preview, LongField projects) {
    Opened(ConfigClient client) {
      this(
          client,
          client.booleanField("preview_features_enabled"),
          client.longField("max_projects"));
    }
  }

  private final Map<String, String> settings;
  private final TruthCheck truth;
  private final Violations violations;
  private final SplittableRandom random;
  private final boolean hasListener;
  private final LongAdder updated = new LongAdder();
  private final LongAdder unchanged = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder told = new LongAdder();
  private volatile Opened opened;

  // guarded by this
  private Latencies latencies = new Latencies();
  private long revision;
  private long revisionBefore;
  private long newestMillis;
  private long yes;

  /**
   * Opens a client.
   *
   * @param hasListener whether it listens to changed users, which costs a comparison each time
   */
  Reader(
      Map<String, String> settings,
      TruthCheck truth,
      Violations violations,
      int number,
      boolean hasListener) {
    this.settings = new HashMap<>(settings);
    this.truth = truth;
    this.violations = violations;
    this.random = new SplittableRandom(number);
    this.hasListener = hasListener;
    this.opened = open("wait");
  }

  private Opened open(String whenNothing) {
    settings.put("SATCHEL_WHEN_NOTHING", whenNothing);
    ConfigClient client = ConfigClient.openBlocking(settings);
    client.onRefresh(
        report -> {
          switch (report.outcome()) {
            case UPDATED -> updated.increment();
            case UNCHANGED -> unchanged.increment();
            case FAILED -> failed.increment();
          }
        });
    if (hasListener) {
      client.onChange(diff -> told.add(diff.isEmpty() ? 0 : 1));
    }
    return new Opened(client);
  }

  /** Makes lookups until the process ends. */
  void run() {
    List<UUID> ids = truth.ids();
    String[] texts = new String[1 << 12];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = ids.get(random.nextInt(ids.size())).toString();
    }
    UUID[] uuids = ids.toArray(UUID[]::new);
    while (true) {
      burst(uuids, texts);
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private synchronized void burst(UUID[] uuids, String[] texts) {
    BooleanField preview = opened.preview;
    LongField projects = opened.projects;
    for (int i = 0; i < BURST; i++) {
      UUID id = uuids[random.nextInt(uuids.length)];
      String text = texts[random.nextInt(texts.length)];
      long start = System.nanoTime();
      boolean answer =
          switch (i & 3) {
            case 0, 1 -> preview.get(id, false);
            case 2 -> projects.get(id, 0) > 5;
            default -> preview.get(text, false);
          };
      latencies.record(System.nanoTime() - start);
      yes += answer ? 1 : 0;
    }
    check(opened.client.view());
  }

  private void check(ConfigView view) {
    if (view.revision() < revision) {
      violations.add(
          Violations.Kind.WENT_BACK,
          "expected revision %d or later but found %d".formatted(revision, view.revision()));
    } else if (view.revision() > revision) {
      revisionBefore = revision;
      revision = view.revision();
    }
    newestMillis = truth.check(view, random);
  }

  /** Closes the client and opens another in its place, as if the process had been restarted. */
  void restart() {
    opened.client.close();
    Opened next = open("continue");
    synchronized (this) {
      long found = next.client.view().revision();
      // the newest revision may have arrived before its copy was on disk
      if (found < revisionBefore) {
        violations.add(
            Violations.Kind.LOST_COPY,
            "expected revision %d or %d from disk but found %d"
                .formatted(revision, revisionBefore, found));
      }
      revision = Math.min(revision, found);
      opened = next;
    }
  }

  /** Returns the latencies since the last call, and starts again from none. */
  synchronized Latencies takeLatencies() {
    Latencies taken = latencies;
    latencies = new Latencies();
    return taken;
  }

  /** Returns how many milliseconds ago the newest change happened that the reader knows of. */
  synchronized long ageMillis() {
    return System.currentTimeMillis() - newestMillis;
  }

  /**
   * Returns how many lookups answered yes; without a use of the answers, the compiler could remove
   * the lookups.
   */
  synchronized long yes() {
    return yes;
  }

  synchronized long revision() {
    return revision;
  }

  long updated() {
    return updated.sum();
  }

  long unchanged() {
    return unchanged.sum();
  }

  long failed() {
    return failed.sum();
  }

  long told() {
    return told.sum();
  }
}
