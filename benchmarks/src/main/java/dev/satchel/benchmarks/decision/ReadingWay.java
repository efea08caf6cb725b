package dev.satchel.benchmarks.decision;

import java.time.Duration;

/**
 * A way in which many processes read one snapshot: what it asks of Cloudflare, what that costs, and
 * how long a change takes. Computed from prices, limits and the times in the shipped
 * configurations.
 */
enum ReadingWay {
  /** Each process asks the REST API. */
  REST("REST API") {
    @Override
    Asked asked(double polls, double fetches, Duration time) {
      return new Asked(polls + fetches, 0);
    }
  },
  /** One nginx asks the REST API for all of them. */
  NGINX_REST("nginx, REST API") {
    @Override
    Asked asked(double polls, double fetches, Duration time) {
      return new Asked(throughCaches(1, polls, fetches, time), 0);
    }
  },
  /** Each process asks the Worker. */
  WORKER("Worker") {
    @Override
    Asked asked(double polls, double fetches, Duration time) {
      return new Asked(polls + fetches, polls + fetches);
    }
  },
  /** A CDN with several locations asks the Worker for all of them. */
  CDN_WORKER("CDN, Worker") {
    @Override
    Asked asked(double polls, double fetches, Duration time) {
      double requests = throughCaches(LOCATIONS, polls, fetches, time);
      return new Asked(requests, requests);
    }
  },
  /** One nginx asks the Worker for all of them. */
  NGINX_WORKER("nginx, Worker") {
    @Override
    Asked asked(double polls, double fetches, Duration time) {
      double requests = throughCaches(1, polls, fetches, time);
      return new Asked(requests, requests);
    }
  },
  /** Each process keeps a request waiting at the publisher, which does not ask Cloudflare. */
  PUBLISHER("publisher's port, waiting") {
    @Override
    Asked asked(double polls, double fetches, Duration time) {
      return new Asked(0, 0);
    }
  };

  /** The time after which KV shows a write everywhere, mostly. */
  static final Duration KV_EVERYWHERE = Duration.ofSeconds(60); // kv/concepts/how-kv-works

  /** The {@code cacheTtl} of sdk/worker. */
  static final Duration WORKER_KV_CACHE = Duration.ofSeconds(30);

  /** How long sdk/nginx and the Worker's {@code Cache-Control} let an answer be fresh. */
  static final Duration CACHE = Duration.ofSeconds(10);

  /** How many of a CDN's locations the processes use. */
  static final int LOCATIONS = 20;

  /** How many requests may wait at one publisher. */
  static final int WAITING_AT_THE_PORT = 4_000;

  /** The CPU time of the Worker for a request. */
  static final int CPU_MILLIS = 1;

  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final Duration PUBLISHED_EVERY = Duration.ofHours(1);
  private static final int PUBLISHER_READS = 4;

  /** A poll comes up to a tenth late. */
  private static final double LONGEST_POLL_SECONDS = Workload.POLL.toSeconds() * 1.1;

  private static final double CLOCK_SECONDS = 1;

  private final String label;

  ReadingWay(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** Reads of KV that the processes cause, and requests to the Worker. */
  record Asked(double reads, double workerRequests) {}

  /**
   * Returns what the processes ask of Cloudflare.
   *
   * @param polls of all processes
   * @param fetches of a patch or a value by all processes
   * @param time that both are for
   */
  abstract Asked asked(double polls, double fetches, Duration time);

  /** Returns what caches let through: a request for each interval, and one for each publication. */
  private static double throughCaches(int caches, double polls, double fetches, Duration time) {
    double publications = Math.max(1, publications(time));
    return Math.min(polls, caches * times(time, CACHE)) + Math.min(fetches, caches * publications);
  }

  /** Returns the requests to Cloudflare in five minutes with a publication, the publisher's too. */
  double requestsInFiveMinutes(int processes) {
    return asked(processes * times(WINDOW, Workload.POLL), processes, WINDOW).reads()
        + PUBLISHER_READS
        + Workload.SNAPSHOT_WRITES;
  }

  /** Returns whether all processes are answered: the REST API and the port have a limit. */
  boolean fits(int processes) {
    return switch (this) {
      case REST, NGINX_REST ->
          requestsInFiveMinutes(processes) <= CloudflarePrices.REQUESTS_IN_FIVE_MINUTES;
      case PUBLISHER -> processes <= WAITING_AT_THE_PORT;
      case WORKER, CDN_WORKER, NGINX_WORKER -> true;
    };
  }

  /** Returns dollars a month, for the publisher as well. */
  double dollars(int processes) {
    double publications = publications(Workload.MONTH);
    Asked month =
        asked(
            processes * times(Workload.MONTH, Workload.POLL),
            processes * publications,
            Workload.MONTH);
    return CloudflarePrices.dollars(
            month.reads() + publications * PUBLISHER_READS,
            publications * Workload.SNAPSHOT_WRITES,
            0)
        + CloudflarePrices.workerDollars(
            month.workerRequests(), month.workerRequests() * CPU_MILLIS);
  }

  /**
   * Returns the longest time from a publication to the last process, if nothing fails; 0 where it
   * does not follow from a configuration.
   */
  long secondsToTheLast() {
    double kv = KV_EVERYWHERE.toSeconds();
    double workersKv = kv + WORKER_KV_CACHE.toSeconds();
    // the poll that finds the answer old still gets it, and makes nginx ask
    double nginx = CACHE.toSeconds() + CLOCK_SECONDS + LONGEST_POLL_SECONDS;
    return Math.round(
        switch (this) {
          case REST -> kv + LONGEST_POLL_SECONDS;
          case NGINX_REST -> kv + nginx + LONGEST_POLL_SECONDS;
          case WORKER -> workersKv + LONGEST_POLL_SECONDS;
          case CDN_WORKER -> workersKv + CACHE.toSeconds() + LONGEST_POLL_SECONDS;
          case NGINX_WORKER -> workersKv + nginx + LONGEST_POLL_SECONDS;
          case PUBLISHER -> 0;
        });
  }

  private static double publications(Duration time) {
    return times(time, PUBLISHED_EVERY);
  }

  private static double times(Duration in, Duration every) {
    return (double) in.toMillis() / every.toMillis();
  }
}
