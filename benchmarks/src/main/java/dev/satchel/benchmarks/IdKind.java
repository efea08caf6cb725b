package dev.satchel.benchmarks;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A kind of user id, with the number of possible ids. Ids are drawn uniformly and without repeats
 * from this universe, so the minimum cost of a set of n is known: log2 of (universe over n).
 */
enum IdKind {
  UUID_V4("random, 122 bits", Math.pow(2, 122)) {
    @Override
    Object draw(SplittableRandom random) {
      return uuid(random.nextLong(), 4, random.nextLong());
    }
  },
  UUID_V1("one node, 100 ns ticks of one year", IdKind.TICKS) {
    @Override
    Object draw(SplittableRandom random) {
      long ticks = FIRST_TICK + random.nextLong((long) TICKS);
      return uuid(ticks << 32 | (ticks >>> 32 & 0xFFFF) << 16 | ticks >>> 48, 1, NODE);
    }
  },
  UUID_V6("one node, 100 ns ticks of one year", IdKind.TICKS) {
    @Override
    Object draw(SplittableRandom random) {
      long ticks = FIRST_TICK + random.nextLong((long) TICKS);
      return uuid(ticks >>> 12 << 16 | (ticks & 0xFFF), 6, NODE);
    }
  },
  UUID_V7("ms of one year, 74 random bits", IdKind.MILLIS * Math.pow(2, 74)) {
    @Override
    Object draw(SplittableRandom random) {
      long millis = FIRST_MILLI + random.nextLong((long) MILLIS);
      return uuid(millis << 16 | random.nextInt(0x1000), 7, random.nextLong());
    }
  },
  UUID_SEQUENTIAL("consecutive", 0) {
    @Override
    void forEach(int users, Consumer<Object> ids) {
      for (int i = 0; i < users; i++) {
        ids.accept(new UUID(0x0123456789ABCDEFL, 0x8000000000000000L + i));
      }
    }
  },
  INTEGER_DENSE("1 to n", 0) {
    @Override
    void forEach(int users, Consumer<Object> ids) {
      for (long i = 1; i <= users; i++) {
        ids.accept(i);
      }
    }
  },
  INTEGER_SPARSE("below 10^12", 1e12) {
    @Override
    Object draw(SplittableRandom random) {
      return random.nextLong(1_000_000_000_000L);
    }
  },
  INTEGER_NEGATIVE("-10^9 to 10^9", 2e9) {
    @Override
    Object draw(SplittableRandom random) {
      return random.nextLong(-1_000_000_000L, 1_000_000_000L);
    }
  },
  TEXT_NUMBERED("user-1 to user-n", 0) {
    @Override
    void forEach(int users, Consumer<Object> ids) {
      for (int i = 1; i <= users; i++) {
        ids.accept("user-" + i);
      }
    }
  },
  TEXT_SHORT("8 of a to z and 0 to 9", Math.pow(36, 8)) {
    @Override
    Object draw(SplittableRandom random) {
      return letters(random, 8, LATIN);
    }
  },
  TEXT_CODE("cus_, then 14 of 62 letters and digits", Math.pow(62, 14)) {
    @Override
    Object draw(SplittableRandom random) {
      return "cus_" + letters(random, 14, LATIN.toUpperCase(Locale.ROOT) + LATIN.substring(0, 26));
    }
  },
  TEXT_LONG("64 hex digits", Math.pow(2, 256)) {
    @Override
    Object draw(SplittableRandom random) {
      return letters(random, 64, "0123456789abcdef");
    }
  },
  TEXT_SHARED_PREFIX("a prefix of 36, then 10 of a to z and 0 to 9", Math.pow(36, 10)) {
    @Override
    Object draw(SplittableRandom random) {
      return "tenant/acme/region/eu-west-1/account/" + letters(random, 10, LATIN);
    }
  },
  TEXT_NON_ASCII("10 of 32 Cyrillic letters", Math.pow(32, 10)) {
    @Override
    Object draw(SplittableRandom random) {
      return letters(random, 10, "абвгдежзийклмнопрстуфхцчшщъыьэюя");
    }
  },
  TEXT_EMAIL("the rich profile's emails", SyntheticUsers.MAX_USERS) {
    @Override
    void forEach(int users, Consumer<Object> ids) {
      SyntheticUsers.forEach(
          users, Profile.RICH, (id, values) -> ids.accept(String.valueOf(values[8])));
    }

    @Override
    double boundBits(int users) {
      return super.boundBits(users) + Entropy.zipf(50);
    }
  };

  private static final double TICKS = 365 * 86_400e7;
  private static final double MILLIS = 365 * 86_400e3;
  private static final long FIRST_MILLI = 1_735_689_600_000L; // 2025-01-01T00:00Z
  private static final long FIRST_TICK = 0x1EFC7D51B4B4000L; // about the same time since 1582
  private static final long NODE = 0x1234_0242_AC11_0002L;
  private static final String LATIN = "abcdefghijklmnopqrstuvwxyz0123456789";

  private final String form;
  private final double universe;

  IdKind(String form, double universe) {
    this.form = form;
    this.universe = universe;
  }

  /** Describes in words what the ids look like. */
  String form() {
    return form;
  }

  /** Returns the fewest bits for each id in a set of this many. */
  double boundBits(int users) {
    return universe == 0 ? 0 : Entropy.set(universe, users);
  }

  /** Returns the name as it is printed. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Draws one id. */
  Object draw(SplittableRandom random) {
    throw new AssertionError(name() + " is not drawn");
  }

  /** Passes on this many different ids, always the same. */
  void forEach(int users, Consumer<Object> ids) {
    SplittableRandom random = new SplittableRandom(7);
    Set<Object> seen = new HashSet<>();
    while (seen.size() < users) {
      Object id = draw(random);
      if (seen.add(id)) {
        ids.accept(id);
      }
    }
  }

  private static UUID uuid(long high, int version, long low) {
    return new UUID((high & ~0xF000L) | (long) version << 12, (low & ~(3L << 62)) | (2L << 62));
  }

  private static String letters(SplittableRandom random, int count, String alphabet) {
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
