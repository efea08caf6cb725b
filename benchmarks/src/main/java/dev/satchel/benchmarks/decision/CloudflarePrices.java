package dev.satchel.benchmarks.decision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What Workers KV and Workers cost in a month of the paid plan, without its base fee, and how many
 * requests the REST API allows an account.
 */
final class CloudflarePrices {
  // developers.cloudflare.com/kv/platform/pricing, as read on the date below
  static final String SOURCE = "developers.cloudflare.com/kv/platform/pricing";
  static final String READ_ON = "2026-11-24";
  private static final double READS_INCLUDED = 10e6;
  private static final double DOLLARS_PER_MILLION_READS = 0.5;
  private static final double WRITES_INCLUDED = 1e6;
  private static final double DOLLARS_PER_MILLION_WRITES = 5;
  private static final double GIGABYTES_INCLUDED = 1;
  private static final double DOLLARS_PER_GIGABYTE = 0.5;

  // developers.cloudflare.com/workers/platform/pricing, as read on the date below
  static final String WORKERS_SOURCE = "developers.cloudflare.com/workers/platform/pricing";
  static final String WORKERS_READ_ON = "2026-11-28";
  private static final double REQUESTS_INCLUDED = 10e6;
  private static final double DOLLARS_PER_MILLION_REQUESTS = 0.3;
  private static final double CPU_MILLIS_INCLUDED = 30e6;
  private static final double DOLLARS_PER_MILLION_CPU_MILLIS = 0.02;

  // developers.cloudflare.com/fundamentals/api/reference/limits
  static final int REQUESTS_IN_FIVE_MINUTES = 1_200;

  private CloudflarePrices() {}

  /**
   * Returns the dollars for a month with this many reads and writes, and this many bytes stored all
   * the time.
   */
  static double dollars(double reads, double writes, double storedBytes) {
    return over(reads / 1e6, READS_INCLUDED / 1e6) * DOLLARS_PER_MILLION_READS
        + over(writes / 1e6, WRITES_INCLUDED / 1e6) * DOLLARS_PER_MILLION_WRITES
        + over(storedBytes / 1e9, GIGABYTES_INCLUDED) * DOLLARS_PER_GIGABYTE;
  }

  /** Returns the dollars for a month with this many requests to Workers and this much CPU time. */
  static double workerDollars(double requests, double cpuMillis) {
    return over(requests / 1e6, REQUESTS_INCLUDED / 1e6) * DOLLARS_PER_MILLION_REQUESTS
        + over(cpuMillis / 1e6, CPU_MILLIS_INCLUDED / 1e6) * DOLLARS_PER_MILLION_CPU_MILLIS;
  }

  private static double over(double used, double included) {
    return Math.max(0, used - included);
  }

  static ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("source", SOURCE)
        .put("readOn", READ_ON)
        .put("readsIncluded", READS_INCLUDED)
        .put("dollarsPerMillionReads", DOLLARS_PER_MILLION_READS)
        .put("writesIncluded", WRITES_INCLUDED)
        .put("dollarsPerMillionWrites", DOLLARS_PER_MILLION_WRITES)
        .put("gigabytesIncluded", GIGABYTES_INCLUDED)
        .put("dollarsPerGigabyteMonth", DOLLARS_PER_GIGABYTE)
        .put("requestsInFiveMinutes", REQUESTS_IN_FIVE_MINUTES);
  }
}
