package dev.satchel.publisher.seed;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Made-up users that are always the same; demos, tests and benchmarks use them. User number n has
 * the same id and the same values in every profile, however many users are asked for.
 */
public final class SyntheticUsers {
  /** Beyond this there is no unique username: 120 adjectives, 143 nouns, 10,000 numbers. */
  public static final int MAX_USERS = 171_600_000;

  private static final long SEED = 42;
  private static final long CREATED_FROM = Instant.parse("2020-01-01T00:00:00Z").getEpochSecond();
  private static final long CREATED_TO = Instant.parse("2025-01-01T00:00:00Z").getEpochSecond();

  private static final Weighted<String> PLANS =
      new Weighted<>(List.of("free", "pro", "team", "enterprise"), 70, 20, 8, 2);
  private static final Weighted<String> THEMES =
      new Weighted<>(List.of("light", "dark", "system"), 50, 35, 15);
  private static final Weighted<Integer> GROUP_COUNTS =
      new Weighted<>(List.of(0, 1, 2, 3), 50, 25, 15, 10);
  private static final List<Long> MAX_PROJECTS = List.of(1L, 3L, 5L, 10L, 25L, 50L, 100L, 1000L);
  private static final List<Long> RATE_LIMITS =
      List.of(60L, 100L, 120L, 200L, 300L, 500L, 600L, 1000L, 1200L, 2000L, 5000L, 10000L);
  private static final Weighted<String> LOCALES = Weighted.zipf(Words.LOCALES);
  private static final Weighted<String> DOMAINS = Weighted.zipf(Words.DOMAINS);

  private final SplitMix ids = new SplitMix(SEED, 0);
  private final SplitMix previews = new SplitMix(SEED, 1);
  private final SplitMix plans = new SplitMix(SEED, 2);
  private final SplitMix locales = new SplitMix(SEED, 3);
  private final SplitMix maxProjects = new SplitMix(SEED, 4);
  private final SplitMix themes = new SplitMix(SEED, 5);
  private final SplitMix rateLimits = new SplitMix(SEED, 6);
  private final SplitMix groups = new SplitMix(SEED, 7);
  private final SplitMix domains = new SplitMix(SEED, 8);
  private final SplitMix created = new SplitMix(SEED, 9);
  private final SplitMix quotas = new SplitMix(SEED, 10);

  private int made;

  SyntheticUsers() {}

  /** Receives the users. */
  @FunctionalInterface
  public interface Consumer {
    /**
     * Receives one user.
     *
     * @param id a random (version 4) UUID
     * @param values in the order of the profile's fields: Boolean, Long, String, or a List of
     *     Strings, never null; the array is reused for the next user
     */
    void user(UUID id, @Nullable Object[] values);
  }

  /** Hands the first {@code users} users to {@code consumer}, on this thread. */
  public static void forEach(int users, Profile profile, Consumer consumer) {
    if (users < 0 || users > MAX_USERS) {
      throw new IllegalArgumentException(
          "expected 0 to " + MAX_USERS + " users but found " + users);
    }
    var synthetic = new SyntheticUsers();
    @Nullable Object[] values = new @Nullable Object[profile.fields().size()];
    for (int i = 0; i < users; i++) {
      UUID id = synthetic.next(values);
      consumer.user(id, values);
    }
  }

  /**
   * Returns the next user's id; fills in the fields of the profile that has as many as {@code
   * values}.
   */
  UUID next(@Nullable Object[] values) {
    fill(values, made++);
    return nextId();
  }

  private UUID nextId() {
    long high = (ids.nextLong() & ~0xf000L) | 0x4000L;
    long low = (ids.nextLong() & ~(0b11L << 62)) | (0b10L << 62);
    return new UUID(high, low);
  }

  private void fill(@Nullable Object[] values, int index) {
    values[0] = previews.nextInt(100) < 30;
    if (values.length == 1) {
      return;
    }
    values[1] = PLANS.draw(plans);
    values[2] = LOCALES.draw(locales);
    values[3] = MAX_PROJECTS.get(maxProjects.nextInt(MAX_PROJECTS.size()));
    values[4] = THEMES.draw(themes);
    values[5] = RATE_LIMITS.get(rateLimits.nextInt(RATE_LIMITS.size()));
    values[6] = nextGroups();
    if (values.length == 7) {
      return;
    }
    String username = username(shuffled(index));
    values[7] = username;
    values[8] = username + "@" + DOMAINS.draw(domains);
    values[9] =
        Instant.ofEpochSecond(CREATED_FROM + created.nextInt((int) (CREATED_TO - CREATED_FROM)))
            .toString();
    values[10] = Math.round(StrictMath.exp(StrictMath.log(1e6) + 2 * quotas.nextGaussian()));
  }

  private List<String> nextGroups() {
    int count = GROUP_COUNTS.draw(groups);
    List<String> drawn = new ArrayList<>(count);
    while (drawn.size() < count) {
      String group = Words.GROUPS.get(groups.nextInt(Words.GROUPS.size()));
      if (!drawn.contains(group)) {
        drawn.add(group);
      }
    }
    return List.copyOf(drawn);
  }

  private static String username(int number) {
    int rest = number / 10_000;
    return Words.ADJECTIVES.get(rest % 120)
        + "-"
        + Words.NOUNS.get(rest / 120)
        + "-"
        + number % 10_000;
  }

  /** Permutes 0 to MAX_USERS - 1, so that usernames look random and are unique. */
  private static int shuffled(int index) {
    int number = index;
    do {
      number = permuted(number);
    } while (number >= MAX_USERS); // ends, at the latest when the cycle is back at its start
    return number;
  }

  /**
   * Permutes 28-bit numbers, the fewest bits that hold MAX_USERS, with a Feistel network of four
   * rounds.
   */
  private static int permuted(int number) {
    int left = number >>> 14;
    int right = number & 0x3fff;
    for (int round = 0; round < 4; round++) {
      int mixed = (int) SplitMix.mixed(SEED + ((long) round << 32) + right) & 0x3fff;
      int next = left ^ mixed;
      left = right;
      right = next;
    }
    return (left << 14) | right;
  }
}
