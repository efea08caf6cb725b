package dev.satchel.publisher.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SyntheticUsersTest {
  private static final int USERS = 200_000;
  private static final double TOLERANCE = 0.005;

  private static final List<UUID> ids = new ArrayList<>();
  private static final Map<String, List<@Nullable Object>> columns = new HashMap<>();

  @BeforeAll
  static void makeUsers() {
    List<String> fields = Profile.RICH.fields();
    fields.forEach(field -> columns.put(field, new ArrayList<>(USERS)));
    SyntheticUsers.forEach(
        USERS,
        Profile.RICH,
        (id, values) -> {
          ids.add(id);
          for (int i = 0; i < values.length; i++) {
            column(fields.get(i)).add(values[i]);
          }
        });
  }

  /** Every measurement of the project stands on these rows: they are not to change. */
  @Test
  void theFirstThousandUsersAreTheSameForEver() throws NoSuchAlgorithmException {
    var sha256 = MessageDigest.getInstance("SHA-256");
    SyntheticUsers.forEach(
        1_000,
        Profile.RICH,
        (id, values) ->
            sha256.update((id + Arrays.toString(values) + "\n").getBytes(StandardCharsets.UTF_8)));

    assertThat(HexFormat.of().formatHex(sha256.digest()))
        .isEqualTo("2254d2c14c04ce3a27f30a5924e7e1ac045508f6afe5f180e507442840f4c7d6");
  }

  @Test
  void aUserIsTheSameInEveryProfile() {
    for (Profile profile : Profile.values()) {
      var at = new int[1];
      SyntheticUsers.forEach(
          100,
          profile,
          (id, values) -> {
            int row = at[0]++;
            assertThat(id).isEqualTo(ids.get(row));
            assertThat(values)
                .containsExactly(profile.fields().stream().map(f -> column(f).get(row)).toArray());
          });
      assertThat(at[0]).isEqualTo(100);
    }
  }

  @Test
  void idsAreUniqueRandomUuids() {
    assertThat(new HashSet<>(ids)).hasSize(USERS);
    assertThat(ids).allMatch(id -> id.version() == 4 && id.variant() == 2);
    for (int bit : IntStream.range(0, 64).filter(b -> b < 12 || b > 15).toArray()) {
      assertThat(
              share(
                  ids.stream().map(id -> (id.getMostSignificantBits() >> bit & 1) == 1).toList(),
                  true))
          .isCloseTo(0.5, within(TOLERANCE));
    }
  }

  @Test
  void sharesAreThoseOfTheDefinition() {
    assertThat(share(column("preview_features_enabled"), true)).isCloseTo(0.3, within(TOLERANCE));
    assertShares("plan", Map.of("free", 0.7, "pro", 0.2, "team", 0.08, "enterprise", 0.02));
    assertShares("theme", Map.of("light", 0.5, "dark", 0.35, "system", 0.15));
    assertUniform("max_projects", 8);
    assertUniform("rate_limit", 12);
    assertZipf("locale", column("locale"), 30);
    assertZipf(
        "email",
        column("email").stream().map(e -> String.valueOf(e).replaceAll(".*@", "")).toList(),
        50);
  }

  @Test
  void groupsAreDistinctAndAsManyAsDefined() {
    List<List<?>> groups = new ArrayList<>();
    column("beta_groups").forEach(value -> groups.add((List<?>) value));
    double[] shares = {0.5, 0.25, 0.15, 0.1};

    for (int count = 0; count < shares.length; count++) {
      assertThat(share(groups.stream().map(List::size).toList(), count))
          .isCloseTo(shares[count], within(TOLERANCE));
    }
    assertThat(groups).allMatch(list -> Set.copyOf(list).size() == list.size());
    assertThat(groups.stream().flatMap(List::stream).distinct()).hasSize(20);
  }

  @Test
  void usernamesAreUniqueAndEmailsBeginWithThem() {
    List<@Nullable Object> usernames = column("username");

    assertThat(new HashSet<>(usernames)).hasSize(USERS);
    assertThat(usernames).allMatch(n -> String.valueOf(n).matches("[a-z]+-[a-z]+-\\d{1,4}"));
    for (int i = 0; i < USERS; i++) {
      assertThat(String.valueOf(column("email").get(i))).startsWith(usernames.get(i) + "@");
    }
    assertThat(Set.copyOf(Words.ADJECTIVES)).hasSize(120);
    assertThat(Set.copyOf(Words.NOUNS)).hasSize(143);
  }

  @Test
  void timesAndQuotasAreInTheirRange() {
    assertThat(column("created_at"))
        .allMatch(t -> String.valueOf(t).matches("202[0-4]-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"));
    List<Double> logs =
        column("quota_used").stream().map(q -> Math.log(Math.max(1.0, number(q)))).toList();
    double mean = logs.stream().mapToDouble(x -> x).average().orElseThrow();
    double variance =
        logs.stream().mapToDouble(x -> (x - mean) * (x - mean)).average().orElseThrow();
    assertThat(mean).isCloseTo(Math.log(1e6), within(0.02));
    assertThat(Math.sqrt(variance)).isCloseTo(2.0, within(0.02));
  }

  @Test
  void moreUsersThanUsernamesAreRefused() {
    assertThatThrownBy(
            () ->
                SyntheticUsers.forEach(
                    SyntheticUsers.MAX_USERS + 1, Profile.TUTORIAL, (id, values) -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected 0 to 171600000 users but found 171600001");
  }

  private static void assertShares(String field, Map<String, Double> shares) {
    shares.forEach(
        (value, share) ->
            assertThat(share(column(field), value)).as(value).isCloseTo(share, within(TOLERANCE)));
  }

  private static void assertUniform(String field, int values) {
    Set<@Nullable Object> distinct = new HashSet<>(column(field));
    assertThat(distinct).hasSize(values);
    distinct.forEach(
        value ->
            assertThat(share(column(field), value)).isCloseTo(1.0 / values, within(TOLERANCE)));
  }

  private static void assertZipf(String name, List<?> found, int values) {
    Map<Object, Integer> counts = new HashMap<>();
    found.forEach(value -> counts.merge(String.valueOf(value), 1, Integer::sum));
    double harmonic = IntStream.rangeClosed(1, values).mapToDouble(n -> 1.0 / n).sum();
    List<Integer> sorted = counts.values().stream().sorted((a, b) -> b - a).toList();
    assertThat(sorted).as(name).hasSize(values);
    assertThat(sorted.get(0) / (double) USERS).isCloseTo(1 / harmonic, within(TOLERANCE));
    assertThat(sorted.get(9) / (double) USERS).isCloseTo(0.1 / harmonic, within(TOLERANCE));
  }

  private static double share(List<?> values, @Nullable Object value) {
    return values.stream().filter(v -> Objects.equals(v, value)).count() / (double) values.size();
  }

  private static double number(@Nullable Object value) {
    return value instanceof Long number ? number : Double.NaN;
  }

  private static List<@Nullable Object> column(String field) {
    return Objects.requireNonNull(columns.get(field));
  }
}
