package dev.satchel.benchmarks.decision;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.UUID;

/** Which users an application asks for. */
enum UserIds {
  /** Asks for every user equally often. */
  UNIFORM {
    @Override
    double[] weights(int users) {
      double[] weights = new double[users];
      Arrays.fill(weights, 1);
      return weights;
    }
  },
  /** Asks by Zipf's law with s = 1: for user n, 1/n times as often as for the first. */
  ZIPF {
    @Override
    double[] weights(int users) {
      double[] weights = new double[users];
      for (int i = 0; i < users; i++) {
        weights[i] = 1.0 / (i + 1);
      }
      return weights;
    }
  };

  /** Returns how often each user is asked for, relative to the others. */
  abstract double[] weights(int users);

  /**
   * Draws this many ids from the first {@code users} synthetic users: new strings, always the same.
   */
  String[] draw(int users, int count, long seed) {
    UUID[] ids = new UUID[users];
    int[] next = {0};
    SyntheticUsers.forEach(users, Profile.TUTORIAL, (id, values) -> ids[next[0]++] = id);
    double[] sums = weights(users);
    Arrays.parallelPrefix(sums, Double::sum);
    SplittableRandom random = new SplittableRandom(seed);
    String[] drawn = new String[count];
    for (int i = 0; i < count; i++) {
      int at = Arrays.binarySearch(sums, random.nextDouble() * sums[users - 1]);
      drawn[i] = ids[Math.min(at < 0 ? -at - 1 : at, users - 1)].toString();
    }
    return drawn;
  }

  /**
   * Returns the share of lookups that a cache answers, at this many lookups a second at random
   * times. Entries live for {@code ttlSeconds} after they were read, and the cache is never full.
   * For a user who is asked for r times in that time, 1 of 1 + r lookups is a miss.
   */
  double hitRate(int users, double lookupsPerSecond, double ttlSeconds) {
    double[] weights = weights(users);
    double sum = Arrays.stream(weights).sum();
    double hits = 0;
    for (double weight : weights) {
      double share = weight / sum;
      double asked = share * lookupsPerSecond * ttlSeconds;
      hits += share * asked / (1 + asked);
    }
    return hits;
  }
}
