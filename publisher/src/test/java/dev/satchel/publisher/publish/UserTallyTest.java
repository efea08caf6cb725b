package dev.satchel.publisher.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotEncoder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class UserTallyTest {
  private static final BigInteger SEVEN = BigInteger.valueOf(7);

  @Test
  void equalUsersAgreeInWhateverOrderTheyCome() {
    var users = new ArrayList<@Nullable Object[]>();
    for (long user = 0; user < 1_000; user++) {
      users.add(new @Nullable Object[] {user, "name " + user, user % 3 == 0, null});
    }
    UserTally inOrder = tally(users);
    long seed = System.nanoTime();

    Collections.shuffle(users, new Random(seed));

    assertThat(inOrder.agreesWith(tally(users))).as("seed %d", seed).isTrue();
  }

  @Test
  void everyChangeOfAnyValueIsNoticed() {
    @Nullable Object[][] variants = {
      {1L, "a", true, null},
      {2L, "a", true, null},
      {1L, "b", true, null},
      {1L, "a", false, null},
      {1L, "a", true, Snapshot.ABSENT},
      {1L, "a", true, ""},
      {1L, "a", true, "null"},
      {1L, "a", null, true},
      {1L, "at", true, null},
      {"1", "a", true, null},
      {1L, "a", true, 0L},
      {1L, "a", true, 0.5},
      {1L, "a", true, new BigDecimal("1e40")},
      {1L, "a", true, new BigDecimal("1e41")},
      {1L, "a", true, List.of()},
      {1L, "a", true, Map.of()},
      {1L, "a", true, List.of("x", "y")},
      {1L, "a", true, List.of("y", "x")},
      {1L, "a", true, List.of("x,y")},
      {1L, "a", true, List.of(List.of("x"), "y")},
      {1L, "a", true, Map.of("x", "y")},
      {1L, "a", true, Map.of("y", "x")},
    };
    for (int i = 0; i < variants.length; i++) {
      for (int j = 0; j < variants.length; j++) {
        assertThat(
                tally(List.<@Nullable Object[]>of(variants[i]))
                    .agreesWith(tally(List.<@Nullable Object[]>of(variants[j]))))
            .as("%s and %s", Arrays.toString(variants[i]), Arrays.toString(variants[j]))
            .isEqualTo(i == j);
      }
    }
  }

  @Test
  void aUserThatComesTwiceIsNoticed() {
    var once = List.<@Nullable Object[]>of(new Object[] {1L}, new Object[] {2L}, new Object[] {3L});
    var twice =
        List.<@Nullable Object[]>of(new Object[] {1L}, new Object[] {1L}, new Object[] {3L});

    assertThat(tally(once).agreesWith(tally(twice))).isFalse();
  }

  @Test
  void numbersAndObjectsCountByWhatTheySayInJson() {
    var forward = new LinkedHashMap<String, Object>();
    forward.put("a", 1L);
    forward.put("b", new BigDecimal("0.1"));
    var backward = new LinkedHashMap<String, Object>();
    backward.put("b", 0.1);
    backward.put("a", new BigDecimal("1.00"));

    var ours = List.<@Nullable Object[]>of(new Object[] {1L, forward, 3.0, new BigDecimal("2.50")});
    var theirs = List.<@Nullable Object[]>of(new Object[] {1L, backward, 3L, 2.5});

    assertThat(tally(ours).agreesWith(tally(theirs))).isTrue();
  }

  @Test
  @Timeout(20) // a tenth of it is enough; one zero at a time takes minutes
  void aLongNumberCountsByWhatItSaysWithoutCostingMoreThanItsLength() {
    for (int zeros = 100; zeros < 131_072; zeros += 18_713) {
      var plain = List.<@Nullable Object[]>of(new Object[] {1L, new BigDecimal("7e" + zeros)});
      var written =
          List.<@Nullable Object[]>of(
              new Object[] {1L, new BigDecimal(BigInteger.TEN.pow(zeros).multiply(SEVEN))});
      var longer =
          List.<@Nullable Object[]>of(
              new Object[] {1L, new BigDecimal(BigInteger.TEN.pow(zeros + 1).multiply(SEVEN))});

      assertThat(tally(plain).agreesWith(tally(written))).isTrue();
      assertThat(tally(plain).agreesWith(tally(longer))).isFalse();
    }
  }

  @Test
  void aSnapshotThatIsOpenedAgainAgreesWithWhatWasEncoded() {
    var encoder = new SnapshotEncoder(List.of("flag", "groups"));
    var users = new ArrayList<@Nullable Object[]>();
    for (int size = 0; size < 40; size++) {
      Object groups = size % 5 == 0 ? Snapshot.ABSENT : List.of("g" + size % 3, "all");
      users.add(new @Nullable Object[] {"user " + size, size % 2 == 0, groups});
      encoder.add("user " + size, new @Nullable Object[] {size % 2 == 0, groups});
    }

    Snapshot opened = Snapshot.open(encoder.encode(1, Instant.EPOCH));

    assertThat(Packer.tallyOf(opened).agreesWith(tally(users))).isTrue();
    assertThat(Packer.tallyOf(opened).agreesWith(tally(users.subList(1, 40)))).isFalse();
  }

  @Test
  void valuesWithNumbersCountAsWithout() {
    var numbered = new UserTally(Snapshot.ABSENT);
    var users = new ArrayList<@Nullable Object[]>();
    for (int user = 0; user < 1_000; user++) {
      Object groups = List.of("g" + user % 70, "all");
      Object plan = "plan " + user % 3;
      users.add(new @Nullable Object[] {(long) user, groups, plan});
      int known = user % 11 == 0 ? -1 : user % 3;
      numbered.add((long) user, new Object[] {groups, plan}, new int[] {user % 70, known});
    }

    UserTally plain = tally(users);

    assertThat(numbered.agreesWith(plain)).isTrue();
    assertThat(numbered.bytes()).isEqualTo(plain.bytes());
  }

  @Test
  void numbersWithManyZerosCountByWhatTheySayAndInAMoment() {
    var zeros = new BigDecimal("12" + "0".repeat(131_000));
    var scaled = new BigDecimal(BigInteger.valueOf(12), -131_000);

    long before = System.nanoTime();
    UserTally plain = tally(List.<@Nullable Object[]>of(new Object[] {1L, zeros}));
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));

    assertThat(plain.agreesWith(tally(List.<@Nullable Object[]>of(new Object[] {1L, scaled}))))
        .isTrue();
    for (int zerosLess : new int[] {1, 31, 32, 33, 65_536, 130_999}) {
      var other = new BigDecimal(BigInteger.valueOf(12), zerosLess - 131_000);
      assertThat(plain.agreesWith(tally(List.<@Nullable Object[]>of(new Object[] {1L, other}))))
          .as("%d zeros less", zerosLess)
          .isFalse();
    }
  }

  private static UserTally tally(List<@Nullable Object[]> users) {
    var tally = new UserTally(Snapshot.ABSENT);
    for (@Nullable Object[] user : users) {
      Object id = user[0];
      if (id != null) {
        tally.add(id, Arrays.copyOfRange(user, 1, user.length));
      }
    }
    return tally;
  }
}
