package dev.satchel.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.sdk.testkit.TestSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Fields that an application asks for in vain. */
final class FieldMistakesTest {
  private static final Map<String, Object> ALICE =
      Map.of(
          "preview_features_enabled",
          true,
          "beta",
          "true",
          "limit",
          3.0,
          "rate",
          2.5,
          "groups",
          List.of("a"));

  private static ConfigClientOptions.Builder expecting(TestSource source, String fields) {
    return source.options().expectedFields(ExpectedFields.parse(fields));
  }

  @Test
  void aMistypedFieldIsToldOnceForEachRevisionWithTheNameThatWasMeant() {
    TestSource source = TestSource.of(Map.of("alice", ALICE));
    try (var log = LoggedLines.open();
        ConfigClient client = source.open()) {
      BooleanField handle = client.booleanField("preview_feature_enabled");

      for (int i = 0; i < 3; i++) {
        assertThat(handle.get("alice", false)).isFalse();
        assertThat(client.getBoolean("alice", "preview_feature_enabled", true)).isTrue();
        client.refreshBlocking();
      }

      assertThat(log.containing("preview_feature_enabled"))
          .singleElement()
          .asString()
          .contains("revision 1", "did you mean preview_features_enabled?");
      assertThat(client.status().fieldMistakes()).hasSize(1);
      source.publish(Map.of("alice", ALICE, "bob", ALICE));
      client.refreshBlocking();
      assertThat(log.containing("preview_feature_enabled")).hasSize(2);
      source.publish(Map.of("alice", Map.of("preview_feature_enabled", true)));
      client.refreshBlocking();
      assertThat(client.status().fieldMistakes()).isEmpty();
      assertThat(handle.get("alice", false)).isTrue();
    }
  }

  @Test
  void aFieldAskedForAsAnotherTypeIsToldByHandleAndByName() {
    try (var log = LoggedLines.open();
        ConfigClient client = TestSource.of(Map.of("alice", ALICE)).open()) {

      assertThat(client.booleanField("beta").get("alice", false)).isFalse();
      assertThat(client.getLong("alice", "groups", 7)).isEqualTo(7);
      assertThat(client.getLong("alice", "rate", 7)).isEqualTo(7);
      assertThat(client.getBoolean("alice", "beta", false)).isFalse();

      assertThat(client.status().fieldMistakes())
          .containsExactly(
              "field beta is asked for as boolean but has texts in revision 1, lookups answer"
                  + " defaults",
              "field groups is asked for as long but has lists in revision 1, lookups answer"
                  + " defaults",
              "field rate is asked for as long but has numbers in revision 1, lookups answer"
                  + " defaults");
      assertThat(log.containing("is asked for as")).hasSize(3);
    }
  }

  @Test
  void whatSomeUserHasOrNobodyHasIsNoMistake() {
    Map<String, Map<String, ?>> users = new HashMap<>();
    var nothing = new HashMap<String, Object>();
    nothing.put("unset", null);
    users.put("alice", ALICE);
    users.put("bob", nothing);
    users.put("carol", Map.of("beta", true));
    try (ConfigClient client = TestSource.of(users).open()) {
      client.booleanField("beta");
      client.booleanField("unset");
      client.longField("limit");
      client.doubleField("limit");
      client.stringListField("groups");
      client.jsonField("beta");

      assertThat(client.contains("alice", "groups", "a")).isTrue();
      assertThat(client.status().fieldMistakes()).isEmpty();
    }
  }

  @Test
  void namesFromAnywhereAreToldInBoundedNumber() {
    try (var log = LoggedLines.open();
        ConfigClient client = TestSource.of(Map.of("alice", ALICE)).open()) {

      for (int i = 0; i < 10_000; i++) {
        client.getBoolean("alice", "name" + i, false);
      }

      assertThat(client.status().fieldMistakes()).hasSize(Mistakes.MOST);
      assertThat(log.containing("is not in revision")).hasSize(Mistakes.MOST);
    }
  }

  @Test
  void expectedFieldsFailAtOpeningAndTurnHandlesOnOthersAway() {
    TestSource source = TestSource.of(Map.of("alice", ALICE));

    assertThatThrownBy(
            () -> ConfigClient.openBlocking(source, expecting(source, "beta:boolean").build()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("field beta is asked for as boolean but has texts");
    assertThatThrownBy(() -> ConfigClient.openBlocking(source, expecting(source, "grups").build()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("did you mean groups?");
    try (ConfigClient client =
        ConfigClient.openBlocking(
            source, expecting(source, "beta:string, groups:string-list,limit").build())) {
      assertThat(client.stringField("beta").get("alice", "")).isEqualTo("true");
      assertThat(client.longField("limit").get("alice", 0)).isEqualTo(3);
      assertThatThrownBy(() -> client.booleanField("beta"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("field beta as string but it is asked for as boolean");
      assertThatThrownBy(() -> client.stringListField("grups"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("did you mean groups?");
    }
  }

  @Test
  void theVariableForExpectedFieldsSaysWhatIsWrongWithIt() {
    Map<String, String> env = Map.of("SATCHEL_EXPECTED_FIELDS", "beta:bool");

    assertThatThrownBy(() -> ConfigClientOptions.fromEnv(env))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("SATCHEL_EXPECTED_FIELDS", "string-list", "'bool'");
  }
}
