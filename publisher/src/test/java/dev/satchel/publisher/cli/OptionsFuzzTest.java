package dev.satchel.publisher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.satchel.kv.KvLimits;
import dev.satchel.kv.SettingsException;
import dev.satchel.publisher.guard.Disclosure;
import dev.satchel.publisher.guard.Guards;
import dev.satchel.publisher.http.HttpSettings;
import dev.satchel.publisher.publish.PublisherSettings;
import dev.satchel.publisher.run.RunSettings;
import dev.satchel.publisher.store.KeptCopies;
import dev.satchel.publisher.store.Seal;
import dev.satchel.publisher.wiring.Endpoints;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a variable is set to, it is taken within its bounds or refused in one line that names it
 * and shows it, unless it is a secret. A build runs this over its corpus only, which is beside it
 * in the resources; to search:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl publisher -am test -Dtest=OptionsFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 */
public class OptionsFuzzTest {
  private static final Instant NOW = Instant.parse("2026-03-28T00:00:00Z");
  private static final Duration HUNDRED_YEARS = Duration.ofDays(36_500);
  private static final String MARK = "s3cr3t/";

  /** Each takes one word or number, which a message shows. */
  private static final List<String> SHOWN =
      List.of(
          PublisherSettings.STALL_TIMEOUT.variable(),
          PublisherSettings.KEY.variable(),
          PublisherSettings.LAYOUT.variable(),
          PublisherSettings.HISTORY.variable(),
          PublisherSettings.KEEP_COPIES.variable(),
          PublisherSettings.PATCHES.variable(),
          PublisherSettings.MAX_BYTES.variable(),
          PublisherSettings.READ_BACK.variable(),
          PublisherSettings.LOCK_WAIT.variable(),
          Guards.MIN_USERS.variable(),
          Guards.MAX_USERS_CHANGE.variable(),
          Guards.MAX_CHANGED.variable(),
          Guards.MAX_SOURCE_LAG.variable(),
          RunSettings.SCHEDULE.variable(),
          RunSettings.CRON.variable(),
          RunSettings.TIME_ZONE.variable(),
          RunSettings.READY_AFTER.variable(),
          RunSettings.LISTEN.variable(),
          HttpSettings.PORT.variable(),
          LogSettings.FORMAT.variable(),
          LogSettings.LEVEL.variable());

  /** Each takes anything, a list, or what is public and long. */
  private static final List<String> NAMED =
      List.of(
          PublisherSettings.QUERY.variable(),
          PublisherSettings.KEY_PREFIX.variable(),
          Seal.PUBLIC_KEYS.variable(),
          Guards.MAX_FIELD_CHANGED.variable(),
          Disclosure.EXCLUDE.variable(),
          Disclosure.HASH.variable(),
          Disclosure.ALLOW_PERSONAL.variable(),
          HttpSettings.HOST.variable(),
          "CLOUDFLARE_ACCOUNT_ID",
          "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID",
          "CLOUDFLARE_API_BASE_URL");

  private static final List<String> SECRET =
      List.of(
          Seal.SIGNING_KEY.variable(),
          Seal.SIGNING_KEY + "_FILE",
          Disclosure.HASH_KEY.variable(),
          Disclosure.HASH_KEY + "_FILE",
          HttpSettings.OPERATOR_TOKEN.variable(),
          HttpSettings.OPERATOR_TOKEN + "_FILE",
          "CLOUDFLARE_API_TOKEN",
          "CLOUDFLARE_API_TOKEN_FILE",
          "CLOUDFLARE_API_KEY",
          "CLOUDFLARE_API_KEY_FILE",
          "DATABASE_CONNECTION_STRING",
          "DATABASE_CONNECTION_STRING_FILE");

  private static final Map<String, String> SOUND =
      Map.of(
          "CLOUDFLARE_ACCOUNT_ID",
          "a",
          "CLOUDFLARE_WORKERS_KV_NAMESPACE_ID",
          "n",
          "CLOUDFLARE_API_TOKEN",
          "t",
          "DATABASE_CONNECTION_STRING",
          "postgresql://u@h/d",
          HttpSettings.PORT.variable(),
          "0");

  @FuzzTest
  @Timeout(10)
  void whateverAVariableIsItIsTakenWithinBoundsOrRefusedInALine(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    for (String variable : SHOWN) {
      for (String problem : problems(Map.of(variable, text))) {
        assertThat(problem).startsWith(variable + ": expected ").contains(asShown(text));
      }
    }
    for (String variable : NAMED) {
      for (String problem : problems(Map.of(variable, text))) {
        boolean wantsKey = variable.equals(Disclosure.HASH.variable());
        assertThat(problem).startsWith(wantsKey ? Disclosure.HASH_KEY + ":" : variable);
      }
    }
    problems(Map.of(Seal.SIGNING_KEY.variable(), text));
    for (String variable : SECRET) {
      var env = new HashMap<>(Map.of(variable, MARK + text, Disclosure.HASH.variable(), "email"));
      assertThat(problems(env)).noneMatch(problem -> problem.contains(MARK));
    }
  }

  /** What is wrong with sound variables of which some are replaced. */
  private static List<String> problems(Map<String, String> replaced) {
    var env = new HashMap<>(SOUND);
    env.putAll(replaced);
    List<String> problems = new ArrayList<>();
    var settings = PublisherSettings.fromEnv(env, problems);
    var run = RunSettings.fromEnv(env, NOW, problems);
    HttpSettings.fromEnv(env, problems);
    LogSettings.fromEnv(env, problems);
    var endpoints = Endpoints.fromEnv(env, Endpoints.Need.BOTH, problems);
    if (problems.isEmpty()) {
      isWithinBounds(settings);
      assertThat(endpoints.areEmbedded()).isFalse();
      assertThat(run.readyAfter() == null || run.readyAfter().compareTo(HUNDRED_YEARS) <= 0)
          .isTrue();
    }
    return told(problems);
  }

  private static void isWithinBounds(PublisherSettings settings) {
    assertThat(settings.stallTimeout()).isBetween(Duration.ofSeconds(1), HUNDRED_YEARS);
    assertThat(settings.readBack()).isBetween(Duration.ZERO, HUNDRED_YEARS);
    assertThat(settings.lockWait()).isBetween(Duration.ZERO, HUNDRED_YEARS);
    assertThat(settings.copies().time()).isBetween(Duration.ZERO, HUNDRED_YEARS);
    assertThat(settings.copies().most()).isBetween(KeptCopies.MIN, 1_000);
    assertThat(settings.maxValueBytes()).isBetween(1, KvLimits.MAX_VALUE_BYTES);
    assertThat(settings.key().getBytes(StandardCharsets.UTF_8)).hasSizeBetween(1, 492);
    Guards guards = settings.guards();
    assertThat(guards.minUsers()).isNotNegative();
    assertThat(guards.maxSourceLag()).isBetween(Duration.ZERO, HUNDRED_YEARS);
    assertThat(guards.maxOfField().values()).allMatch(percent -> percent >= 0);
    assertThat(guards.maxUsersChange()).isNotNegative();
    assertThat(guards.maxChanged()).isNotNegative();
    assertThat(guards.maxFieldChanged()).isNotNegative();
    assertThat(guards.acceptChange()).isFalse();
    assertThat(settings.inWords()).isNotBlank();
  }

  /** The problems as a person reads them, each of which is one line. */
  public static List<String> told(List<String> problems) {
    List<String> told = new SettingsException(problems).problems();
    assertThat(told)
        .hasSameSizeAs(problems)
        .allMatch(line -> line.matches("[^\\p{Cc}\\p{Zl}\\p{Zp}]+"));
    return told;
  }

  /** A value of which a message shows all but what would break its line. */
  private static String asShown(String text) {
    return text.strip().replaceAll("(?s)[\\p{Cc}\\p{Zl}\\p{Zp}].*", "");
  }
}
