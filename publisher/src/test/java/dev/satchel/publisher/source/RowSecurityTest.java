package dev.satchel.publisher.source;

import static dev.satchel.publisher.Waiting.await;
import static dev.satchel.publisher.embedded.SharedDatabase.sql;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.satchel.publisher.embedded.SharedDatabase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowSecurityTest {
  @BeforeAll
  static void makeTables() {
    sql(
        """
        CREATE TABLE tenants AS SELECT g AS id, g % 10 AS tenant FROM generate_series(1, 100) AS g;
        CREATE TABLE hidden AS TABLE tenants;
        ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
        ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
        CREATE POLICY mine ON tenants USING (tenant = 1);
        CREATE ROLE filtered LOGIN PASSWORD 'pw';
        CREATE ROLE sees_all LOGIN PASSWORD 'pw' BYPASSRLS;
        GRANT SELECT ON tenants, hidden TO filtered, sees_all;
        CREATE TABLE owned AS TABLE tenants;
        ALTER TABLE owned ENABLE ROW LEVEL SECURITY;
        ALTER TABLE owned OWNER TO filtered;
        CREATE TABLE forced AS TABLE tenants;
        ALTER TABLE forced ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
        ALTER TABLE forced OWNER TO filtered;
        CREATE VIEW of_a_superuser AS TABLE tenants;
        GRANT SELECT ON of_a_superuser TO filtered;
        CREATE VIEW of_the_role AS TABLE tenants;
        ALTER VIEW of_the_role OWNER TO filtered;
        CREATE FUNCTION by_a_function() RETURNS SETOF tenants LANGUAGE plpgsql
          AS $$ BEGIN RETURN QUERY TABLE tenants; END $$;
        """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tenants", "hidden", "forced", "of_the_role", "by_a_function()"})
  void aTableThatHidesRowsFromTheRoleIsRefusedWithWhatToDo(String table) {
    assertThatThrownBy(() -> users("filtered", table, RowSecurity.REFUSE))
        .isInstanceOf(SourceException.class)
        .hasMessageStartingWith("row-level security hides users from filtered@127.0.0.1:")
        .hasMessageContaining("policy for table \"")
        .hasMessageContaining("ALTER ROLE … BYPASSRLS")
        .hasMessageEndingWith(
            "SATCHEL_ROW_SECURITY=filter publishes only those that the policies show");
  }

  @ParameterizedTest
  @ValueSource(strings = {"owned", "of_a_superuser"})
  void aTableThatShowsTheRoleEveryRowIsRead(String table) {
    assertThat(users("filtered", table, RowSecurity.REFUSE)).isEqualTo(100);
  }

  @Test
  void aRoleThatBypassesRowSecurityReadsAll() {
    assertThat(users("sees_all", "tenants", RowSecurity.REFUSE)).isEqualTo(100);
    assertThat(users("sees_all", "hidden", RowSecurity.FILTER)).isEqualTo(100);
  }

  @Test
  void onlyWhatPoliciesShowIsReadIfThatIsMeant() {
    assertThat(users("filtered", "tenants", RowSecurity.FILTER)).isEqualTo(10);
    assertThat(users("filtered", "hidden", RowSecurity.FILTER)).isZero();
    assertThat(users("filtered", "by_a_function()", RowSecurity.FILTER)).isEqualTo(10);
  }

  @Test
  void aMissingPrivilegeIsStillToldAsOne() {
    sql("CREATE TABLE closed AS TABLE tenants");

    assertThatThrownBy(() -> users("filtered", "closed", RowSecurity.REFUSE))
        .hasMessageContaining("is not permitted to filtered@127.0.0.1:");
  }

  private static int users(String role, String table, RowSecurity rowSecurity) {
    var settings =
        DatabaseSettings.parse("X", SharedDatabase.connectionString(role + ":pw", "postgres"));
    var users = new Users();
    await(
        new PostgresSource(
                SharedDatabase.vertx(),
                settings,
                "SELECT id, tenant FROM " + table,
                Duration.ofSeconds(30),
                rowSecurity)
            .read(users));
    return users.byId.size();
  }
}
