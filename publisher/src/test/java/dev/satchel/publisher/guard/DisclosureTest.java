package dev.satchel.publisher.guard;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.satchel.publisher.RunningSatchel;
import dev.satchel.publisher.SatchelRun;
import dev.satchel.publisher.Workbench;
import dev.satchel.snapshot.Snapshot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class DisclosureTest {
  private static final String SECRET = "a key of 32 bytes: 0123456789abc";

  private final Workbench bench;
  private final Path folder;
  private final SatchelRun satchel;
  private final Logger logger = (Logger) LoggerFactory.getLogger(Disclosure.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  DisclosureTest(@TempDir Path folder) {
    this.folder = folder;
    bench = Workbench.in(folder.resolve("kv"));
    satchel = bench.satchel().and("SATCHEL_HASH_KEY", SECRET);
  }

  @BeforeEach
  void usersHaveAnEmail() {
    bench.sql("ALTER TABLE %s ADD COLUMN email text, ADD COLUMN beta jsonb");
    bench.sql("UPDATE %s SET email = id || '@example.com' WHERE id <> 'bob'");
    bench.sql("UPDATE %s SET beta = '{\"b\": 1, \"a\": [true]}' WHERE id = 'alice'");
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void close() {
    logger.detachAppender(log);
    bench.close();
  }

  @Test
  void anExcludedFieldDoesNotLeave() {
    assertThat(satchel.run("publish", "--exclude", "email, beta")).isZero();

    assertThat(bench.published().fieldNames()).containsExactly("preview", "plan");
    assertThat(log.list).isEmpty();
    assertThat(satchel.run("publish", "--exclude", "email,beta", "--layout", "per-key")).isZero();
    assertThat(bench.value("alice").toString()).isEqualTo("{\"preview\":true,\"plan\":\"pro\"}");
  }

  @Test
  void aHashedFieldLeavesOnlyAsAKeyedHash() {
    assertThat(satchel.run("publish", "--hash", "email,beta")).isZero();

    assertThat(satchel.run("get", "alice")).isZero();
    assertThat(satchel.out())
        .contains("\"email\":\"" + hash("alice@example.com") + "\"")
        .contains("\"beta\":\"" + hash("{\"a\":[true],\"b\":1}") + "\"")
        .doesNotContain("example.com");
    assertThat(satchel.run("get", "bob")).isZero();
    assertThat(satchel.out()).contains("\"email\":null");
    assertThat(log.list).isEmpty();
    assertThat(satchel.run("publish", "--hash", "email,beta", "--layout", "per-key")).isZero();
    assertThat(bench.value("alice").toString()).contains(hash("alice@example.com"));
  }

  @Test
  void theHashIsTheBeginningOfHmacSha256() {
    byte[] key = new byte[20];
    Arrays.fill(key, (byte) 0x0b);

    // test case 1 of RFC 4231
    assertThat(new FieldHash(key).of("Hi There")).isEqualTo("b0344c61d8db38535ca8afceaf0bf12b");
    assertThat(new FieldHash(key).of(null)).isNull();
    assertThat(new FieldHash(key).of(Snapshot.ABSENT)).isSameAs(Snapshot.ABSENT);
    assertThat(new FieldHash("another key, long".getBytes(US_ASCII)).of("Hi There"))
        .isNotEqualTo("b0344c61d8db38535ca8afceaf0bf12b");
  }

  @Test
  void theKeyCanLieInAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("key"), SECRET + "\n");
    var fromFile = bench.satchel().and("SATCHEL_HASH_KEY_FILE", file.toString());

    assertThat(fromFile.run("publish", "--hash", "email")).isZero();

    assertThat(fromFile.run("get", "alice")).isZero();
    assertThat(fromFile.out()).contains(hash("alice@example.com"));
    assertThat(
            fromFile
                .and("SATCHEL_HASH_KEY_FILE", folder.resolve("none").toString())
                .run("publish", "--hash", "email"))
        .isEqualTo(2);
    assertThat(fromFile.and("SATCHEL_HASH_KEY", SECRET).run("publish", "--hash", "email"))
        .isEqualTo(2);
  }

  @Test
  void aMissingOrShortKeyIsAnErrorThatDoesNotShowIt() {
    var without = bench.satchel();
    assertThat(without.run("publish", "--hash", "email")).isEqualTo(2);
    assertThat(without.err()).contains("SATCHEL_HASH_KEY: expected", "16 bytes", "found none");

    assertThat(without.and("SATCHEL_HASH_KEY", "tooshort").run("publish", "--hash", "email"))
        .isEqualTo(2);
    assertThat(satchel.run("publish", "--hash", "email", "--exclude", "email")).isEqualTo(2);
    assertThat(satchel.err())
        .contains("SATCHEL_HASH: expected no field that is also in SATCHEL_EXCLUDE")
        .doesNotContain(SECRET);
    assertThat(without.and("SATCHEL_HASH_KEY", "tooshort").err()).doesNotContain("tooshort");
  }

  @Test
  void aNameThatTheQueryDoesNotKnowIsAWrongSettingThatListsThoseItDoes() {
    for (String option : new String[] {"exclude", "hash", "allow-personal"}) {
      assertThat(satchel.run("publish", "--" + option, "emial,plan")).isEqualTo(2);
      assertThat(satchel.err().lines())
          .singleElement()
          .asString()
          .contains("SATCHEL_" + option.toUpperCase(Locale.ROOT).replace('-', '_'))
          .contains("preview, plan, email, beta", "found emial");
    }
  }

  @Test
  void anExcludedFieldMayBeOfAnyTypeAndTwice() {
    bench.sql("ALTER TABLE %s ADD COLUMN search tsvector, ADD COLUMN last_seen inet");

    assertThat(
            satchel
                .and("SATCHEL_QUERY", "SELECT *, 1 AS search, email AS mail_2 FROM " + bench.table)
                .run("publish", "--exclude", "search,email,beta,mail_2", "--hash", "last_seen"))
        .isZero();

    assertThat(bench.published().fieldNames()).containsExactly("preview", "plan", "last_seen");
  }

  @Test
  void aHashedValueThatCannotBeWrittenIsToldWithItsUserAndField() {
    bench.sql("ALTER TABLE %s ALTER COLUMN beta TYPE json");
    bench.sql("UPDATE %s SET beta = '\"\\ud83d\"' WHERE id = 'bob'");

    assertThat(satchel.run("publish", "--hash", "beta,email")).isEqualTo(1);

    assertThat(satchel.err().lines())
        .singleElement()
        .asString()
        .contains("user id bob: field beta: expected text in which surrogates come in pairs");
  }

  @Test
  void fieldsThatLookPersonalAreWarnedAboutOnceUnlessTheyMayLeave() throws Exception {
    assertThat(satchel.run("publish")).isZero();
    assertThat(log.list).singleElement().asString().contains("email").doesNotContain("plan,");
    log.list.clear();

    assertThat(satchel.run("publish", "--allow-personal", "email")).isZero();
    assertThat(log.list).isEmpty();

    try (var run = RunningSatchel.start(bench.env(), "run", "--schedule", "1s")) {
      run.nextLineWith("look personal");
      bench.sql("UPDATE %s SET plan = 'team' WHERE id = 'bob'");
      run.nextLineWith("published revision");
      assertThat(run.stop()).isZero();
      assertThat(run.rest()).doesNotContain("look personal");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "email",
        "workEmail",
        "EMAIL_VERIFIED",
        "phone_number",
        "mobile",
        "streetAddress",
        "zip",
        "date_of_birth",
        "dob",
        "ssn",
        "iban",
        "first_name",
        "lastName",
        "user_name",
        "ip"
      })
  void namesThatLookPersonal(String name) {
    assertThat(PersonalNames.looksPersonal(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "preview_features_enabled",
        "plan",
        "locale",
        "max_projects",
        "theme",
        "rate_limit",
        "beta_groups",
        "created_at",
        "quota_used",
        "plan_name",
        "tooltip",
        "zipped",
        "fixed"
      })
  void namesThatDoNot(String name) {
    assertThat(PersonalNames.looksPersonal(name)).isFalse();
  }

  private static String hash(String text) {
    return String.valueOf(new FieldHash(SECRET.getBytes(UTF_8)).of(text));
  }
}
