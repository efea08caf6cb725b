package dev.satchel.publisher.guard;

import dev.satchel.kv.DurationText;
import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.source.LagCheck;
import dev.satchel.publisher.source.UserSink;
import dev.satchel.publisher.text.Grammar;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.text.Setting;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotDiff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a publication must not do unless a person accepts it. Percentages are shares of the users of
 * the snapshot in use; a snapshot with fewer than {@link #FEW_USERS} is not judged by them.
 *
 * @param minUsers the fewest users
 * @param maxUsersChange by how many percent the number of users may change, up or down
 * @param maxChanged for how many percent of the users anything may change
 * @param maxFieldChanged for how many percent of the users one field may change
 * @param maxOfField the same for fields with a limit of their own
 * @param maxSourceLag how far the database may be behind its primary; zero does not ask
 * @param maxUserBytes the most bytes of one user's id and fields
 * @param acceptChange whether a person has accepted whatever these guards would refuse
 */
public record Guards(
    int minUsers,
    double maxUsersChange,
    double maxChanged,
    double maxFieldChanged,
    Map<String, Double> maxOfField,
    Duration maxSourceLag,
    int maxUserBytes,
    boolean acceptChange) {

  private static final String OFF = "off";
  private static final Pattern PERCENT = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,9})?");
  private static final Pattern OF_FIELD = Pattern.compile("(.+)=([^=]+)");
  private static final Grammar<Double> PERCENTAGE =
      new Grammar<>("a percentage such as 10 or 0.5, or off", Guards::percent);

  public static final Setting<Integer> MIN_USERS =
      Setting.of("SATCHEL_MIN_USERS", Grammar.number(0, 999_999_999, " users"))
          .option("--min-users", "N")
          .byDefault("1")
          .means("guard: fewer users are refused");

  public static final Setting<Double> MAX_USERS_CHANGE =
      Setting.of("SATCHEL_MAX_USERS_CHANGE", PERCENTAGE)
          .option("--max-users-change", "PERCENT")
          .byDefault("50")
          .means("guard: a larger change of the number of users is refused, in percent or off");

  public static final Setting<Double> MAX_CHANGED =
      Setting.of("SATCHEL_MAX_CHANGED", PERCENTAGE)
          .option("--max-changed", "PERCENT")
          .byDefault("50")
          .means("guard: refused if more users change, in percent or off");

  public static final Setting<FieldLimits> MAX_FIELD_CHANGED =
      Setting.of(
              "SATCHEL_MAX_FIELD_CHANGED",
              new Grammar<>(PERCENTAGE.expected() + ", or FIELD=PERCENT", FieldLimits::parse))
          .option("--max-field-changed", "PERCENT[,FIELD=PERCENT...]")
          .byDefault("50")
          .means(
              "guard: refused if one field changes for more users, in percent or off, also"
                  + " FIELD=PERCENT");

  public static final Setting<Duration> MAX_SOURCE_LAG =
      Setting.of(
              "SATCHEL_MAX_SOURCE_LAG",
              new Grammar<>("seconds or a time such as 90, 5m or 1h, or off", Guards::lag))
          .option("--max-source-lag", "DURATION")
          .byDefault("5m")
          .means("guard: a replica further behind its primary is refused; off does not ask");

  public static final Setting<Integer> MAX_USER_BYTES =
      Setting.of(
              "SATCHEL_MAX_USER_BYTES",
              new Grammar<>("1 or more bytes, such as 4194304, or off", Guards::bytes))
          .option("--max-user-bytes", "BYTES")
          .byDefault("4194304")
          .means("guard: a user with more bytes of config is refused, in bytes or off");

  /** An option only: the environment must not accept every change. */
  public static final String ACCEPT_CHANGE = "--accept-change";

  /** JSON writes a control character of one byte in six. */
  private static final int LONGEST_ESCAPE = 6;

  /** With fewer users, an ordinary edit is a large share. */
  static final int FEW_USERS = 100;

  public Guards {
    maxOfField = Map.copyOf(maxOfField);
  }

  /**
   * Reads the variables. Each that is wrong adds a line to {@code problems}.
   *
   * @param acceptChange whether a person has accepted whatever these guards would refuse
   */
  public static Guards fromEnv(
      Map<String, String> env, boolean acceptChange, List<String> problems) {
    FieldLimits fields = MAX_FIELD_CHANGED.read(env, problems);
    return new Guards(
        MIN_USERS.read(env, problems),
        MAX_USERS_CHANGE.read(env, problems),
        MAX_CHANGED.read(env, problems),
        fields.any(),
        fields.named(),
        MAX_SOURCE_LAG.read(env, problems),
        MAX_USER_BYTES.read(env, problems),
        acceptChange);
  }

  /**
   * The shares of users for whom a field may change.
   *
   * @param any the limit in percent of a field that is not named
   * @param named the limits in percent, by field
   */
  public record FieldLimits(double any, Map<String, Double> named) {

    static Optional<FieldLimits> parse(String text) {
      Map<String, Double> named = new HashMap<>();
      double any = MAX_CHANGED.defaultValue();
      for (String part : text.split(",", -1)) {
        Matcher field = OF_FIELD.matcher(part.strip());
        Optional<Double> percent = percent((field.matches() ? field.group(2) : part).strip());
        if (percent.isEmpty()) {
          return Optional.empty();
        }
        if (field.matches()) {
          named.put(field.group(1).strip(), percent.get());
        } else {
          any = percent.get();
        }
      }
      return Optional.of(new FieldLimits(any, named));
    }
  }

  private static Optional<Integer> bytes(String text) {
    if (text.equals(OFF)) {
      return Optional.of(Integer.MAX_VALUE);
    }
    return text.matches("[1-9][0-9]{0,8}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }

  private static Optional<Double> percent(String text) {
    if (text.equals(OFF)) {
      return Optional.of(Double.POSITIVE_INFINITY);
    }
    return PERCENT.matcher(text).matches() ? Optional.of(Double.valueOf(text)) : Optional.empty();
  }

  private static Optional<Duration> lag(String text) {
    return text.equals(OFF)
        ? Optional.of(Duration.ZERO)
        : DurationText.parse(text.matches("[0-9]{1,9}") ? text + "s" : text);
  }

  /**
   * Passes a snapshot with enough users.
   *
   * @throws RefusedException says expected, found, and how to override it
   */
  public void checkUsers(Snapshot snapshot) {
    if (snapshot.users() < minUsers) {
      refuse(
          "users",
          List.of(
              "expected at least %,d users (%s) but found %,d"
                  .formatted(minUsers, MIN_USERS, snapshot.users())));
    }
  }

  /**
   * Returns a sink that hands on everything once the query has the fields with limits of their own;
   * otherwise it throws a {@link dev.satchel.kv.SettingsException}.
   */
  public UserSink before(UserSink next) {
    return new UserSink() {
      @Override
      public List<String> chosen(List<String> names) {
        new FieldNames(names).have(MAX_FIELD_CHANGED, maxOfField.keySet()).check();
        return next.chosen(names);
      }

      @Override
      public void fields(List<String> names) {
        next.fields(names);
      }

      @Override
      public void user(Object id, @Nullable Object[] values, int[] numbers) {
        next.user(id, values, numbers);
      }
    };
  }

  /**
   * Passes a user whose config is not too large: users may write what a JSON column holds.
   *
   * @param bytes of the id and the fields, about as many as their JSON
   * @throws RefusedException says expected, found, and how to override it
   */
  public void checkUserBytes(Object id, long bytes) {
    if (bytes > maxUserBytes) {
      refuse(
          "user bytes",
          List.of(
              "expected at most %,d bytes of config for one user (%s) but found %,d for user %s"
                  .formatted(maxUserBytes, MAX_USER_BYTES, bytes, id)));
    }
  }

  /** Returns whether no user that passes has more JSON than fits into a value of KV. */
  public boolean keepsUsersBelowAValue() {
    return maxUserBytes <= KvLimits.MAX_VALUE_BYTES / LONGEST_ESCAPE;
  }

  /** Passes a database that is not too far behind; null if any is good enough. */
  public @Nullable LagCheck lagCheck() {
    return maxSourceLag.isZero() ? null : this::checkLag;
  }

  private void checkLag(String address, @Nullable Duration behind) {
    if (behind == null || behind.compareTo(maxSourceLag) > 0) {
      refuse(
          "source lag",
          List.of(
              "expected a database at most %s s behind its primary (%s) but found that the replica %s %s"
                  .formatted(
                      shown(maxSourceLag.toMillis() / 1000.0),
                      MAX_SOURCE_LAG,
                      address,
                      behind == null
                          ? "does not know when it was last level with it"
                          : "has replayed nothing for %,d s and is not level with it"
                              .formatted(behind.toSeconds()))));
    }
  }

  /**
   * Passes a change that these guards allow. May look at every value of a field.
   *
   * @throws RefusedException says expected, found, and how to override it
   */
  public void check(SnapshotDiff diff) {
    List<String> refusals = new ArrayList<>();
    List<String> gone = new ArrayList<>(diff.before().fieldNames());
    gone.removeAll(diff.after().fieldNames());
    if (!gone.isEmpty()) {
      refusals.add(
          "expected the fields of the snapshot in use but found no %s"
              .formatted(String.join(", ", gone)));
    }
    for (String typeChanged : FieldTypes.changed(diff)) {
      refusals.add("expected each field to keep its type but field " + typeChanged);
    }
    if (diff.before().users() >= FEW_USERS) {
      checkShares(diff, refusals);
    }
    if (!refusals.isEmpty()) {
      refuse("change", refusals);
    }
  }

  /**
   * Passes a number of users that these guards allow, where nothing else can be compared.
   *
   * @throws RefusedException says expected, found, and how to override it
   */
  public void checkUserCount(int before, int now) {
    List<String> refusals = new ArrayList<>();
    if (before >= FEW_USERS) {
      checkCount(before, now, refusals);
    }
    if (!refusals.isEmpty()) {
      refuse("change", refusals);
    }
  }

  private void checkCount(int before, int now, List<String> refusals) {
    double users = 100.0 * Math.abs((double) now - before) / before;
    if (users > maxUsersChange) {
      refusals.add(
          "expected the number of users to change by at most %s %% (%s) but found %,d instead of %,d users, %.1f %%"
              .formatted(shown(maxUsersChange), MAX_USERS_CHANGE, now, before, users));
    }
  }

  private void checkShares(SnapshotDiff diff, List<String> refusals) {
    int before = diff.before().users();
    checkCount(before, diff.after().users(), refusals);
    double changed = 100.0 * diff.changedInCommonFields() / before;
    if (changed > maxChanged) {
      refusals.add(
          "expected at most %s %% of users to change (%s) but found %,d of %,d, %.1f %%"
              .formatted(
                  shown(maxChanged), MAX_CHANGED, diff.changedInCommonFields(), before, changed));
    }
    Map<String, Integer> common = new LinkedHashMap<>(diff.changedByField());
    common.keySet().retainAll(Set.copyOf(diff.before().fieldNames()));
    common.keySet().retainAll(Set.copyOf(diff.after().fieldNames()));
    common.forEach(
        (field, count) -> {
          double limit = maxOfField.getOrDefault(field, maxFieldChanged);
          double share = 100.0 * count / before;
          if (share > limit) {
            refusals.add(
                "expected field %s to change for at most %s %% of users (%s) but found %,d of %,d, %.1f %%"
                    .formatted(field, shown(limit), MAX_FIELD_CHANGED, count, before, share));
          }
        });
  }

  private static String shown(double percent) {
    return percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
  }

  private static void refuse(String about, List<String> refusals) {
    throw new RefusedException(
        about,
        String.join("; ", refusals)
            + "; nothing was written; "
            + ACCEPT_CHANGE
            + " accepts it for one run");
  }
}
