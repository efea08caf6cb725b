package dev.satchel.publisher.seed;

/**
 * A stream of random numbers that will always be the same for the same seed, on every platform and
 * every JDK: SplitMix64, by Steele, Lea and Flood, "Fast splittable pseudorandom number generators"
 * (2014).
 */
final class SplitMix {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  /** Creates the stream with the number {@code stream} of those that start from {@code seed}. */
  SplitMix(long seed, int stream) {
    state = mixed(mixed(seed) + stream * GOLDEN_GAMMA);
  }

  long nextLong() {
    state += GOLDEN_GAMMA;
    return mixed(state);
  }

  /** Returns a number uniform in 0 to {@code bound} - 1. */
  int nextInt(int bound) {
    return (int) Math.multiplyHigh(nextLong() >>> 1, (long) bound << 1);
  }

  /** Returns a number uniform in 0 (inclusive) to 1 (exclusive). */
  double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** Returns a normally distributed number with mean 0 and deviation 1, by Box and Muller. */
  double nextGaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * nextDouble());
  }

  static long mixed(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
