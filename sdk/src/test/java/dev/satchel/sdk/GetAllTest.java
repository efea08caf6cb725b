package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.satchel.sdk.source.MemorySource;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Many users asked for in one call get what each of them gets alone. */
final class GetAllTest {
  private static final long SEED = Long.getLong("satchel.seed", new Random().nextLong());
  private static final String FLAG = "preview_features_enabled";

  private final Random random = new Random(SEED);

  private static BooleanField open(Map<?, Map<String, Boolean>> users) {
    var source = MemorySource.of(Publication.of(1, users).value().clone());
    return await(ConfigClient.open(source, ConfigClientOptions.defaults())).booleanField(FLAG);
  }

  /** Returns ids of users and as many others, with the field for two of three users. */
  private <T> List<T> idsWithUsers(Map<T, Map<String, Boolean>> users, Function<Integer, T> id) {
    System.out.printf("seed %d%n", SEED);
    List<T> ids = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      T each = id.apply(i);
      ids.add(each);
      if (i % 2 == 0) {
        users.put(each, i % 3 == 0 ? Map.of() : Map.of(FLAG, random.nextBoolean()));
      }
    }
    return ids;
  }

  private static boolean[] defaults(int count) {
    boolean[] into = new boolean[count];
    for (int i = 0; i < count; i += 3) {
      into[i] = true;
    }
    return into;
  }

  @Test
  void byUuid() {
    Map<UUID, Map<String, Boolean>> users = new HashMap<>();
    List<UUID> ids = idsWithUsers(users, i -> UUID.randomUUID());
    expectTheSame(open(users), ids);
  }

  @Test
  void byUuidsOfSeveralVersions() {
    Map<UUID, Map<String, Boolean>> users = new HashMap<>();
    List<UUID> ids = idsWithUsers(users, i -> new UUID(random.nextLong(), random.nextLong()));
    expectTheSame(open(users), ids);
  }

  private static void expectTheSame(BooleanField field, List<UUID> ids) {
    for (int count : new int[] {0, 1, 31, 32, 33, 64, 5_000}) {
      @Nullable UUID[] asked = ids.subList(0, count).toArray(UUID[]::new);
      if (count > 5) {
        asked[5] = null;
      }
      String[] spelled = new String[count];
      for (int i = 0; i < count; i++) {
        spelled[i] = String.valueOf(asked[i]);
      }
      boolean[] byUuid = defaults(count);
      boolean[] byText = defaults(count);
      field.getAll(asked, byUuid);
      field.getAll(spelled, byText);
      for (int i = 0; i < count; i++) {
        assertThat(byUuid[i]).isEqualTo(field.get(asked[i], i % 3 == 0));
        assertThat(byText[i]).isEqualTo(byUuid[i]);
      }
    }
  }

  @Test
  void byIntegerDenseAndSparse() {
    for (long step : new long[] {1, 1_000_003}) {
      Map<Long, Map<String, Boolean>> users = new HashMap<>();
      List<Long> ids = idsWithUsers(users, i -> step * i - 100);
      BooleanField field = open(users);
      long[] asked = ids.stream().mapToLong(Long::longValue).toArray();
      boolean[] into = defaults(asked.length);
      field.getAll(asked, into);
      for (int i = 0; i < asked.length; i++) {
        assertThat(into[i]).isEqualTo(field.get(asked[i], i % 3 == 0));
      }
    }
  }

  @Test
  void byTextsThatStandForNumbersAndByOthers() {
    List<Function<Integer, String>> forms =
        List.of(
            i -> "user-" + i,
            i -> "cus_%08x%06x".formatted(random.nextInt(), i),
            i -> "user %d of %s".formatted(i, Integer.toHexString(random.nextInt())));
    for (Function<Integer, String> form : forms) {
      Map<String, Map<String, Boolean>> users = new HashMap<>();
      @Nullable String[] asked = idsWithUsers(users, form).toArray(String[]::new);
      asked[7] = null;
      BooleanField field = open(users);
      boolean[] into = defaults(asked.length);
      field.getAll(asked, into);
      for (int i = 0; i < asked.length; i++) {
        assertThat(into[i]).isEqualTo(field.get(asked[i], i % 3 == 0));
      }
    }
  }

  @Test
  void whereNothingIsKnownTheDefaultsStay() {
    BooleanField missing =
        await(
                ConfigClient.open(
                    MemorySource.of(Publication.of(1, Map.of(1L, Map.of())).value().clone()),
                    ConfigClientOptions.defaults()))
            .booleanField("missing");
    boolean[] into = {true, false, true};
    missing.getAll(new long[] {1, 1, 2}, into);
    assertThat(into).containsExactly(true, false, true);
    BooleanField before = open(Map.of());
    before.getAll(new UUID[] {UUID.randomUUID(), UUID.randomUUID(), null}, into);
    assertThat(into).containsExactly(true, false, true);
  }

  @Test
  void roomForMoreOrFewerUsersIsRefused() {
    BooleanField field = open(Map.of(1L, Map.of(FLAG, true)));
    assertThatThrownBy(() -> field.getAll(new long[3], new boolean[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected room for the answers of 3 users but found 2");
  }

  @Test
  void allocatesOneSmallArrayForAnyNumberOfUsers() {
    Map<UUID, Map<String, Boolean>> users = new HashMap<>();
    UUID[] asked = idsWithUsers(users, i -> UUID.randomUUID()).toArray(UUID[]::new);
    BooleanField field = open(users);
    boolean[] into = new boolean[asked.length];
    UUID[] few = Arrays.copyOf(asked, 100);
    boolean[] intoFew = new boolean[few.length];
    assertThat(bytes(() -> field.getAll(asked, into))).isLessThanOrEqualTo(144);
    assertThat(bytes(() -> field.getAll(few, intoFew))).isLessThanOrEqualTo(144);
  }

  private static long bytes(Runnable call) {
    for (int i = 0; i < 2_000; i++) {
      call.run();
    }
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1_000; i++) {
      call.run();
    }
    return Math.round((threads.getCurrentThreadAllocatedBytes() - before) / 1_000.0);
  }
}
