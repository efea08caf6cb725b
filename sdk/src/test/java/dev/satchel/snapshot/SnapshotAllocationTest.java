package dev.satchel.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** From an id to an answer nothing is allocated. */
class SnapshotAllocationTest {
  private static final int USERS = 1 << 12;
  private static final int LOOKUPS = 100_000;

  private interface Lookup {
    long at(int i);
  }

  @Test
  void noLookupAllocates() {
    Random random = new Random(7);
    UUID[] uuids = new UUID[USERS];
    String[] uuidTexts = new String[USERS];
    String[] numbered = new String[USERS];
    String[] codes = new String[USERS];
    String[] texts = new String[USERS];
    for (int i = 0; i < USERS; i++) {
      uuids[i] = new UUID(random.nextLong(), random.nextLong());
      uuidTexts[i] = uuids[i].toString();
      numbered[i] = "user-" + i * 17;
      codes[i] = "cus_" + Long.toString(random.nextLong(1L << 50) | 1L << 50, 36);
      texts[i] = "name" + i % 17 + "." + Integer.toString(i, 7) + "@example.org";
    }
    Snapshot byUuid = snapshot(i -> uuids[i]);
    Snapshot byNumber = snapshot(i -> i * 13L);
    Snapshot byNumbered = snapshot(i -> numbered[i]);
    Snapshot byCode = snapshot(i -> codes[i]);
    Snapshot byText = snapshot(i -> texts[i]);
    int mask = USERS - 1;

    checkNothing("uuid", i -> byUuid.find(uuids[i & mask]));
    checkNothing("text of a uuid", i -> byUuid.find(uuidTexts[i & mask]));
    checkNothing("number", i -> byNumber.find((i & mask) * 13L));
    checkNothing("numbered text", i -> byNumbered.find(numbered[i & mask]));
    assertThat(byCode.sections().get(0).codec()).isEqualTo("text radix");
    checkNothing("code", i -> byCode.find(codes[i & mask]));
    checkNothing("hashed text", i -> byText.find(texts[i & mask]));
    checkNothing("nobody", i -> byText.find(numbered[i & mask]) + byNumber.find(i * 13L + 1));

    Field flag = Samples.field(byUuid, "flag");
    Field count = Samples.field(byUuid, "count");
    Field plan = Samples.field(byUuid, "plan");
    Field groups = Samples.field(byUuid, "groups");
    Field mixed = Samples.field(byUuid, "mixed");
    checkNothing("boolean", i -> flag.booleanAt(i & mask, false) ? 1 : 0);
    checkNothing("long", i -> count.longAt(i & mask, 0));
    checkNothing("double", i -> (long) count.doubleAt(i & mask, 0));
    checkNothing("text", i -> plan.stringAt(i & mask, null) == null ? 0 : 1);
    checkNothing("element", i -> groups.containsAt(i & mask, "beta") ? 1 : 0);
    checkNothing("boolean among others", i -> mixed.booleanAt(i & mask, false) ? 1 : 0);
    checkNothing("long among others", i -> mixed.longAt(i & mask, 3));
    checkNothing(
        "from id to answer",
        i -> flag.booleanAt(Math.max(byUuid.find(uuids[i & mask]), 0), false) ? 1 : 0);
  }

  private static Snapshot snapshot(IntFunction<Object> ids) {
    Map<String, IntFunction<@Nullable Object>> fields = new TreeMap<>();
    fields.put("flag", i -> i % 3 == 0);
    fields.put("count", i -> i * 7L);
    fields.put("plan", i -> i % 2 == 0 ? "free" : "pro");
    fields.put("groups", i -> i % 2 == 0 ? List.of("alpha", "beta") : List.of("n" + i));
    fields.put("mixed", i -> i % 2 == 0 ? (Object) true : (long) i);
    return Snapshot.open(Samples.encode(ids, USERS, fields));
  }

  private static void checkNothing(String what, Lookup lookup) {
    long sum = 0;
    for (int i = 0; i < LOOKUPS; i++) {
      sum += lookup.at(i);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < LOOKUPS; i++) {
      sum += lookup.at(i);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(sum).isNotEqualTo(Long.MIN_VALUE);
    // a few thousand bytes in all, if any, are the JVM's own
    assertThat(allocated / LOOKUPS).as(what).isZero();
  }
}
