package dev.satchel.sdk;

import static dev.satchel.sdk.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.satchel.kv.MemoryKv;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LookupsTest {
  private static final UUID ALICE = UUID.fromString("0b8a1c52-6f0e-4a7b-9c1d-2f3e4d5c6b7a");
  private static final UUID NOBODY = UUID.fromString("ffffffff-6f0e-4a7b-9c1d-2f3e4d5c6b7a");

  private final MemoryKv kv = new MemoryKv();

  private ConfigClient publish(Map<?, ? extends Map<String, ?>> users) {
    Publication.of(1, users).putTo(kv, ConfigClientOptions.DEFAULT_KEY);
    return await(
        Waiting.opening(
            kv, ConfigClientOptions.builder().pollInterval(Duration.ofHours(1)).build()));
  }

  private static Map<String, @Nullable Object> everything() {
    var user = new LinkedHashMap<String, @Nullable Object>();
    user.put("flag", true);
    user.put("count", 3L);
    user.put("large", 1L << 40);
    user.put("ratio", 0.25);
    user.put("exact", new BigDecimal("12.50"));
    user.put("huge", new BigDecimal("123456789012345678901234567890"));
    user.put("plan", "pro");
    user.put("groups", List.of("a", "b"));
    user.put("numbers", List.of(1L, 2L));
    user.put("nested", Map.of("x", List.of(Map.of("y", 1L))));
    user.put("nothing", null);
    return user;
  }

  @Test
  void answersEachTypeByEachKindOfId() {
    ConfigClient uuids = publish(Map.of(ALICE, everything()));
    String spelled = ALICE.toString();

    assertThat(uuids.getBoolean(ALICE, "flag", false)).isTrue();
    assertThat(uuids.getBoolean(spelled, "flag", false)).isTrue();
    assertThat(uuids.getLong(ALICE, "count", 0)).isEqualTo(3);
    assertThat(uuids.getDouble(ALICE, "ratio", 0)).isEqualTo(0.25);
    assertThat(uuids.getDouble(ALICE, "exact", 0)).isEqualTo(12.5);
    assertThat(uuids.getDouble(ALICE, "count", 0)).isEqualTo(3.0);
    assertThat(uuids.getString(spelled, "plan", "free")).isEqualTo("pro");
    assertThat(uuids.getStringList(ALICE, "groups", List.of())).containsExactly("a", "b");
    assertThat(uuids.contains(ALICE, "groups", "b")).isTrue();
    assertThat(uuids.contains(spelled, "groups", "c")).isFalse();
    assertThat(uuids.getJson(ALICE, "nested", MissingNode.getInstance()).toString())
        .isEqualTo("{\"x\":[{\"y\":1}]}");

    ConfigClient numbers = publish(Map.of(-42L, everything()));
    assertThat(numbers.getBoolean(-42, "flag", false)).isTrue();
    assertThat(numbers.getString("-42", "plan", "free")).isEqualTo("pro");
    assertThat(numbers.contains(-42, "groups", "a")).isTrue();
    assertThat(numbers.hasUser(42)).isFalse();
  }

  @Test
  void handlesAnswerAsLookupsByNameDo() {
    ConfigClient client = publish(Map.of(ALICE, everything()));

    assertThat(client.booleanField("flag").get(ALICE, false)).isTrue();
    assertThat(client.longField("count").get(ALICE.toString(), 0)).isEqualTo(3);
    assertThat(client.doubleField("ratio").get(ALICE, 0)).isEqualTo(0.25);
    assertThat(client.stringField("plan").get(ALICE, "free")).isEqualTo("pro");
    assertThat(client.stringListField("groups").get(ALICE, List.of())).containsExactly("a", "b");
    assertThat(client.stringListField("groups").contains(ALICE, "a")).isTrue();
    assertThat(client.jsonField("numbers").get(ALICE, NullNode.getInstance()).size()).isEqualTo(2);
    assertThat(client.booleanField("flag").get(NOBODY, true)).isTrue();
    assertThat(client.booleanField("no such field").get(ALICE, true)).isTrue();
  }

  @Test
  void aHandleFollowsTheClientFromRevisionToRevision() {
    ConfigClient client = publish(Map.of("alice", Map.of("count", 1L)));
    LongField before = client.longField("count");
    LongField later = client.longField("later");
    assertThat(before.get("alice", 0)).isEqualTo(1);
    assertThat(later.get("alice", 0)).isZero();

    // the columns change places, so a handle that kept its place would answer the other's value
    var user = new LinkedHashMap<String, Object>();
    user.put("later", 20L);
    user.put("count", 2L);
    Publication.of(2, Map.of("alice", user)).putTo(kv, ConfigClientOptions.DEFAULT_KEY);
    await(client.refreshNow());

    assertThat(before.get("alice", 0)).isEqualTo(2);
    assertThat(later.get("alice", 0)).isEqualTo(20);
  }

  @Test
  void answersTheDefaultWhereTheTypeIsAnother() {
    ConfigClient client = publish(Map.of(ALICE, everything()));

    assertThat(client.getBoolean(ALICE, "plan", true)).isTrue();
    assertThat(client.getLong(ALICE, "ratio", 7)).isEqualTo(7);
    assertThat(client.getDouble(ALICE, "flag", 7)).isEqualTo(7);
    assertThat(client.getString(ALICE, "count", "none")).isEqualTo("none");
    assertThat(client.getStringList(ALICE, "numbers", List.of("none"))).containsExactly("none");
    assertThat(client.getString(ALICE, "nothing", "none")).isEqualTo("none");
    assertThat(client.contains(ALICE, "plan", "pro")).isFalse();
  }

  @Test
  void tellsANullFromAFieldThatTheUserLacks() {
    var withNull = new HashMap<String, @Nullable Object>();
    withNull.put("color", null);
    ConfigClient client = publish(Map.of("a", withNull, "b", Map.of("size", 1L)));
    JsonNode missing = MissingNode.getInstance();

    assertThat(client.getJson("a", "color", missing)).isSameAs(NullNode.getInstance());
    assertThat(client.getJson("b", "color", missing)).isSameAs(missing);
    assertThat(client.config("a").orElseThrow().toString()).isEqualTo("{\"color\":null}");
    assertThat(client.config("b").orElseThrow().toString()).isEqualTo("{\"size\":1}");
    assertThat(client.config("c")).isEmpty();
  }

  @Test
  void aWholeUserEqualsWhatJacksonReadsFromTheSameJson() throws Exception {
    var user = everything();
    user.remove("exact"); // an exact decimal: readTree would round it to a double
    ConfigClient client = publish(Map.of(ALICE, user));
    JsonNode config = client.config(ALICE).orElseThrow();

    assertThat(config).isEqualTo(new ObjectMapper().readTree(config.toString()));
    assertThat(config.toString())
        .contains("\"huge\":123456789012345678901234567890", "\"nothing\":null");
  }

  @Test
  void keepsExactDecimalsExact() {
    ConfigClient client = publish(Map.of(ALICE, everything()));

    assertThat(client.config(ALICE).orElseThrow().get("exact").decimalValue())
        .isEqualTo(new BigDecimal("12.50"));
  }

  @Test
  void whatACallerDoesToAConfigStaysWithTheCaller() {
    ConfigClient client = publish(Map.of("alice", everything()));

    client.config("alice").orElseThrow().put("plan", "changed");
    ((ArrayNode) client.getJson("alice", "groups", NullNode.getInstance())).add("changed");

    assertThat(client.getString("alice", "plan", "")).isEqualTo("pro");
    assertThat(client.getStringList("alice", "groups", List.of())).containsExactly("a", "b");
  }

  record Settings(
      boolean previewFeaturesEnabled,
      int maxProjects,
      @Nullable String locale,
      List<String> betaGroups,
      @JsonProperty("Plan") String plan) {}

  @Test
  void bindsAUserToARecordOfTheApplications() {
    ConfigClient client =
        publish(
            Map.of(
                "alice",
                Map.of(
                    "preview_features_enabled",
                    true,
                    "max_projects",
                    12L,
                    "beta_groups",
                    List.of("x"),
                    "Plan",
                    "pro",
                    "a_column_added_later",
                    1L)));

    assertThat(client.config("alice", Settings.class))
        .contains(new Settings(true, 12, null, List.of("x"), "pro"));
    assertThat(client.config("nobody", Settings.class)).isEmpty();
    assertThatThrownBy(() -> client.config("alice", Mismatched.class))
        .isInstanceOf(IllegalArgumentException.class);
  }

  record Mismatched(Map<String, String> maxProjects) {}

  @Test
  void anEmptyViewAnswersDefaults() {
    ConfigClient client = await(Waiting.opening(kv, ConfigClientOptions.defaults()));

    assertThat(client.getBoolean(ALICE, "flag", true)).isTrue();
    assertThat(client.getLong(42, "count", 9)).isEqualTo(9);
    assertThat(client.longField("count").get("x", 9)).isEqualTo(9);
    assertThat(client.hasUser("x")).isFalse();
    assertThat(client.config("x")).isEmpty();
    assertThat(client.view().fieldNames()).isEmpty();
    assertThat(client.view().publishedAt()).isNull();
    assertThat(Arrays.asList(client.view().revision(), (long) client.view().users()))
        .containsOnly(0L);
  }

  @Test
  void usersOfEqualContentAreBoundOnceAndShareTheObject() {
    Map<String, Object> same = Map.of("preview_features_enabled", true, "max_projects", 3L);
    Map<String, Object> other = Map.of("preview_features_enabled", true, "max_projects", 4L);
    ConfigClient client = publish(Map.of("alice", same, "bob", same, "carol", other));

    Settings alice = client.config("alice", Settings.class).orElseThrow();

    assertThat(client.config("alice", Settings.class).orElseThrow()).isSameAs(alice);
    assertThat(client.config("bob", Settings.class).orElseThrow()).isSameAs(alice);
    assertThat(client.config("carol", Settings.class).orElseThrow()).isNotEqualTo(alice);
    assertThat(client.config("alice", JsonNode.class).orElseThrow().get("max_projects").asInt())
        .isEqualTo(3);
  }

  record Limit(int maxProjects) {}

  @Test
  void bindingsStayRightWhenThereAreMoreThanAreKept() {
    var users = new HashMap<Long, Map<String, Object>>();
    for (long id = 0; id < 10_000; id++) {
      users.put(id, Map.of("max_projects", id));
    }
    ConfigClient client = publish(users);

    for (long id = 0; id < 10_000; id++) {
      assertThat(client.config(id, Limit.class).orElseThrow().maxProjects()).isEqualTo((int) id);
      assertThat(client.config(id / 2, Limit.class).orElseThrow().maxProjects())
          .isEqualTo((int) id / 2);
    }
  }

  record Plan(String plan) {}

  @Test
  void goesThroughAllUsersOfAView() {
    ConfigClient client = publish(Map.of("alice", everything(), "bob", Map.of("plan", "free")));

    Map<Object, UserView> users =
        client.view().stream().collect(Collectors.toMap(UserView::id, user -> user));

    assertThat(users).containsOnlyKeys("alice", "bob");
    UserView alice = Objects.requireNonNull(users.get("alice"));
    assertThat(alice.getBoolean("flag", false)).isTrue();
    assertThat(alice.getLong("count", 0)).isEqualTo(3);
    assertThat(alice.getDouble("ratio", 0)).isEqualTo(0.25);
    assertThat(alice.getString("plan", "")).isEqualTo("pro");
    assertThat(alice.getStringList("groups", List.of())).containsExactly("a", "b");
    assertThat(alice.contains("groups", "a")).isTrue();
    assertThat(alice.getJson("numbers", NullNode.getInstance()).size()).isEqualTo(2);
    assertThat(alice.config()).isEqualTo(client.config("alice").orElseThrow());
    assertThat(alice.config(Plan.class))
        .contains(new Plan("pro"))
        .isEqualTo(client.config("alice", Plan.class));
    assertThat(alice).hasToString("user alice at revision 1");
    assertThat(ConfigView.EMPTY.stream()).isEmpty();
  }
}
