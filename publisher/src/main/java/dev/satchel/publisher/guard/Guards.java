package dev.satchel.publisher.guard;

import dev.satchel.kv.DurationText;
import dev.satchel.publisher.source.LagCheck;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.publisher.text.Variables;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotDiff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a publication must not do unless a person accepts it. Percentages are of the users of the
 * snapshot in use, and none is judged while it has fewer than {@link #FEW_USERS}.
 *
 * @param minUsers fewest users
 * @param maxUsersChange most percent by which the number of users may change, up or down
 * @param maxChanged most percent of users of whom anything changes
 * @param maxFieldChanged most percent of users of whom one field changes
 * @param maxOfField the same for fields of their own
 * @param maxSourceLag how far behind its primary the database may be, zero for any
 * @param maxUserBytes most bytes of one user's id and fields
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

  public static final String MIN_USERS = "SATCHEL_MIN_USERS";
  public static final String MAX_USERS_CHANGE = "SATCHEL_MAX_USERS_CHANGE";
  public static final String MAX_CHANGED = "SATCHEL_MAX_CHANGED";
  public static final String MAX_FIELD_CHANGED = "SATCHEL_MAX_FIELD_CHANGED";

  public static final String MAX_SOURCE_LAG = "SATCHEL_MAX_SOURCE_LAG";

  public static final String MAX_USER_BYTES = "SATCHEL_MAX_USER_BYTES";

  /** An option only: the environment must not accept every change. */
  public static final String ACCEPT_CHANGE = "--accept-change";

  public static final int DEFAULT_MIN_USERS = 1;
  public static final int DEFAULT_PERCENT = 50;
  public static final String DEFAULT_MAX_SOURCE_LAG = "5m";
  public static final int DEFAULT_MAX_USER_BYTES = 4 << 20;

  /** Of so few, a person's ordinary edit is a large share. */
  static final int FEW_USERS = 100;

  private static final String OFF = "off";
  private static final Pattern PERCENT = Pattern.compile("[0-9]{1,9}(?:\\.[0-9]{1,9})?");
  private static final Pattern OF_FIELD = Pattern.compile("(.+)=([^=]+)");

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
    Map<String, Double> ofField = new HashMap<>();
    double field = DEFAULT_PERCENT;
    String fields = env.getOrDefault(MAX_FIELD_CHANGED, "");
    for (String part : fields.isBlank() ? new String[0] : fields.split(",", -1)) {
      Matcher named = OF_FIELD.matcher(part.strip());
      if (named.matches()) {
        ofField.put(
            named.group(1).strip(), percent(MAX_FIELD_CHANGED, named.group(2).strip(), problems));
      } else {
        field = percent(MAX_FIELD_CHANGED, part.strip(), problems);
      }
    }
    return new Guards(
        minUsers(env, problems),
        percent(env, MAX_USERS_CHANGE, problems),
        percent(env, MAX_CHANGED, problems),
        field,
        ofField,
        maxSourceLag(env, problems),
        maxUserBytes(env, problems),
        acceptChange);
  }

  private static int minUsers(Map<String, String> env, List<String> problems) {
    String text = Variables.get(env, MIN_USERS, Integer.toString(DEFAULT_MIN_USERS));
    if (text.matches("[0-9]{1,9}")) {
      return Integer.parseInt(text);
    }
    problems.add("%s: expected 0 or more users but found %s".formatted(MIN_USERS, text));
    return DEFAULT_MIN_USERS;
  }

  private static int maxUserBytes(Map<String, String> env, List<String> problems) {
    String text = Variables.get(env, MAX_USER_BYTES, Integer.toString(DEFAULT_MAX_USER_BYTES));
    if (text.equals(OFF)) {
      return Integer.MAX_VALUE;
    }
    if (text.matches("[1-9][0-9]{0,8}")) {
      return Integer.parseInt(text);
    }
    problems.add(
        "%s: expected 1 or more bytes, such as %d, or off, but found %s"
            .formatted(MAX_USER_BYTES, DEFAULT_MAX_USER_BYTES, text));
    return DEFAULT_MAX_USER_BYTES;
  }

  private static Duration maxSourceLag(Map<String, String> env, List<String> problems) {
    String text = Variables.get(env, MAX_SOURCE_LAG, DEFAULT_MAX_SOURCE_LAG);
    if (text.equals(OFF)) {
      return Duration.ZERO;
    }
    return DurationText.parse(text.matches("[0-9]{1,9}") ? text + "s" : text)
        .orElseGet(
            () -> {
              problems.add(
                  "%s: expected seconds or a time such as 90, 5m or 1h, or off, but found %s"
                      .formatted(MAX_SOURCE_LAG, text));
              return Duration.ZERO;
            });
  }

  private static double percent(Map<String, String> env, String name, List<String> problems) {
    String text = Variables.get(env, name, Integer.toString(DEFAULT_PERCENT));
    return percent(name, text, problems);
  }

  private static double percent(String name, String text, List<String> problems) {
    if (text.equals(OFF)) {
      return Double.POSITIVE_INFINITY;
    }
    if (PERCENT.matcher(text).matches()) {
      return Double.parseDouble(text);
    }
    problems.add(
        "%s: expected a percentage such as 10 or 0.5, or off, but found %s".formatted(name, text));
    return DEFAULT_PERCENT;
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
