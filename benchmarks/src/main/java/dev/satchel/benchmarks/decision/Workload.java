package dev.satchel.benchmarks.decision;

import java.time.Duration;

/**
 * The number of users, how often something is published, and who reads it, from which the bill
 * follows. Each publication has changed something.
 *
 * @param snapshotBytes of one value with all users
 * @param pairBytes of the key and value of one user, on average
 */
record Workload(
    int users, Duration publishedEvery, int readers, long snapshotBytes, double pairBytes) {
  /** The month that the bill is for. */
  static final Duration MONTH = Duration.ofDays(30);

  /** The SDK's default poll interval. */
  static final Duration POLL = Duration.ofSeconds(60);

  /** The lookups that each reader makes in a second, of users by Zipf's law. */
  static final double LOOKUPS_PER_SECOND = 10;

  /** How long a reader of pairs keeps one in its cache. */
  static final Duration CACHE_TTL = Duration.ofSeconds(60);

  /** How often a user changes, for the layouts that write only users who have changed. */
  static final Duration USER_CHANGES_EVERY = Duration.ofDays(30);

  /** The writes of a publication: the patch, the copy for the history, and the key. */
  static final int SNAPSHOT_WRITES = 3;

  private static final Duration WINDOW = Duration.ofMinutes(5);

  /** How users are stored in KV, and how they are written. */
  enum Layout {
    /** One value and at most 100 copies from 30 days: the publisher's default. */
    SNAPSHOT("snapshot, 100 copies") {
      @Override
      Usage use(Workload load, Duration time) {
        return snapshot(load, time, 100);
      }
    },
    /** One value and every copy from 30 days. */
    SNAPSHOT_ALL("snapshot, all copies of 30 d") {
      @Override
      Usage use(Workload load, Duration time) {
        return snapshot(load, time, Double.MAX_VALUE);
      }
    },
    /** A pair for each user, with all of them written each time. */
    PER_KEY("pairs, all each time") {
      @Override
      Usage use(Workload load, Duration time) {
        double writes = load.publications(time) * load.users;
        double requests = load.publications(time) * Math.ceil(load.users / BULK_PAIRS);
        return load.pairs(time, writes, requests);
      }
    },
    /**
     * A pair for each user, written when that user has changed, with as many as fit in a request.
     */
    PER_KEY_CHANGED("pairs, only the changed") {
      @Override
      Usage use(Workload load, Duration time) {
        double writes = load.users * times(time, USER_CHANGES_EVERY);
        double requests = Math.max(load.publications(time), writes / BULK_PAIRS);
        return load.pairs(time, writes, requests);
      }
    };

    private static final double BULK_PAIRS = 10_000;

    // look, compare, and the two of the read back
    private static final double PUBLISHER_READS = 4;

    private final String label;

    Layout(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }

    /** Returns what the layout uses in this time. */
    abstract Usage use(Workload load, Duration time);

    private static Usage snapshot(Workload load, Duration time, double mostCopies) {
      double publications = load.publications(time);
      double polls = times(time, POLL);
      // a patch is a read, as the value in its place would be
      double readerReads = load.readers * (polls + Math.min(polls, publications));
      double reads = readerReads + publications * PUBLISHER_READS;
      double writes = publications * SNAPSHOT_WRITES;
      double copies = 1 + Math.min(load.publications(MONTH), mostCopies);
      return new Usage(reads, writes, reads + writes, copies * load.snapshotBytes);
    }
  }

  /** Reads and writes that are billed, requests to the REST API, and bytes stored. */
  record Usage(double reads, double writes, double requests, double storedBytes) {}

  /** Returns what a layout uses in a month. */
  Usage use(Layout layout) {
    return layout.use(this, MONTH);
  }

  /** Returns dollars a month. */
  double dollars(Layout layout) {
    Usage use = use(layout);
    return CloudflarePrices.dollars(use.reads, use.writes, use.storedBytes);
  }

  /**
   * Returns the requests to the REST API in five minutes that contain a publication, on average.
   */
  double requestsInFiveMinutes(Layout layout) {
    Duration window = publishedEvery.compareTo(WINDOW) > 0 ? publishedEvery : WINDOW;
    if (window.equals(WINDOW)) {
      return layout.use(this, WINDOW).requests;
    }
    // if publications are rarer, count the five minutes that contain one
    double all = layout.use(this, window).requests;
    double reading = steadyRequests(layout);
    double publishing = all - reading * times(window, WINDOW);
    return reading + publishing;
  }

  /** Returns what readers request in five minutes without a publication. */
  private double steadyRequests(Layout layout) {
    boolean isSnapshot = layout == Layout.SNAPSHOT || layout == Layout.SNAPSHOT_ALL;
    return readers * (isSnapshot ? times(WINDOW, POLL) : missesPerSecond() * WINDOW.toSeconds());
  }

  private double publications(Duration time) {
    return times(time, publishedEvery);
  }

  private Usage pairs(Duration time, double writes, double publisherRequests) {
    double reads = readers * missesPerSecond() * time.toSeconds();
    return new Usage(reads, writes, reads + publisherRequests, users * pairBytes);
  }

  private double missesPerSecond() {
    return LOOKUPS_PER_SECOND
        * (1 - UserIds.ZIPF.hitRate(users, LOOKUPS_PER_SECOND, (double) CACHE_TTL.toSeconds()));
  }

  private static double times(Duration in, Duration every) {
    return (double) in.toMillis() / every.toMillis();
  }
}
