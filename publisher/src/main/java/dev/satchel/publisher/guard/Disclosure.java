package dev.satchel.publisher.guard;

import dev.satchel.kv.EnvVariables;
import dev.satchel.publisher.source.UserSink;
import dev.satchel.publisher.text.Grammar;
import dev.satchel.publisher.text.Setting;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which of the query's fields leave the database, and in which form. Safe for any thread. */
public final class Disclosure {
  private static final Grammar<Set<String>> NAMES =
      new Grammar<>("names of fields with commas between them", text -> Optional.of(names(text)));

  public static final Setting<Set<String>> EXCLUDE =
      Setting.of("SATCHEL_EXCLUDE", NAMES)
          .option("--exclude", "FIELD[,FIELD...]")
          .otherwise("none")
          .means("fields that do not leave the database");

  public static final Setting<Set<String>> HASH =
      Setting.of("SATCHEL_HASH", NAMES)
          .option("--hash", "FIELD[,FIELD...]")
          .otherwise("none")
          .means("fields that leave only as a hash with the key SATCHEL_HASH_KEY");

  public static final Setting<String> HASH_KEY =
      Setting.secret("SATCHEL_HASH_KEY")
          .otherwise("none")
          .means("the key of that hash, " + FieldHash.MIN_KEY_BYTES + " bytes or more");

  public static final Setting<Set<String>> ALLOW_PERSONAL =
      Setting.of("SATCHEL_ALLOW_PERSONAL", NAMES)
          .option("--allow-personal", "FIELD[,FIELD...]")
          .otherwise("none")
          .means("fields that may leave although their names look personal");

  private final Set<String> excluded;
  private final Set<String> hashed;
  private final byte[] hashKey;
  private final Set<String> allowed;
  private final AtomicBoolean hasWarned = new AtomicBoolean();

  private Disclosure(
      Set<String> excluded, Set<String> hashed, byte[] hashKey, Set<String> allowed) {
    this.excluded = excluded;
    this.hashed = hashed;
    this.hashKey = hashKey;
    this.allowed = allowed;
  }

  /** Reads the variables; each that is wrong adds a line to {@code problems}. */
  public static Disclosure fromEnv(Map<String, String> env, List<String> problems) {
    Set<String> excluded = EXCLUDE.find(env, problems).orElse(Set.of());
    Set<String> hashed = HASH.find(env, problems).orElse(Set.of());
    for (String both : hashed) {
      if (excluded.contains(both)) {
        problems.add(HASH.wrong("no field that is also in " + EXCLUDE, both));
      }
    }
    byte[] key = hashed.isEmpty() ? new byte[0] : hashKey(env, problems);
    return new Disclosure(
        excluded, hashed, key, ALLOW_PERSONAL.find(env, problems).orElse(Set.of()));
  }

  private static Set<String> names(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static byte[] hashKey(Map<String, String> env, List<String> problems) {
    int others = problems.size();
    String secret = EnvVariables.secret(env, HASH_KEY.variable(), problems).orElse("");
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    if (key.length < FieldHash.MIN_KEY_BYTES && problems.size() == others) {
      problems.add(
          "%s: expected a secret of at least %d bytes, because %s is set, but found %s"
              .formatted(
                  EnvVariables.origin(env, HASH_KEY.variable()),
                  FieldHash.MIN_KEY_BYTES,
                  HASH,
                  key.length == 0 ? "none" : key.length));
    }
    return key;
  }

  /**
   * Returns a sink that chooses and hands on only what may leave. It throws a {@link
   * dev.satchel.kv.SettingsException} if a variable names a field that the query does not have.
   */
  public UserSink before(UserSink next) {
    return new Leaving(next);
  }

  private final class Leaving implements UserSink {
    private final UserSink next;
    private final @Nullable FieldHash hash = hashed.isEmpty() ? null : new FieldHash(hashKey);
    private List<String> names = List.of();
    private @Nullable Object[] leaving = new @Nullable Object[0];

    Leaving(UserSink next) {
      this.next = next;
    }

    @Override
    public List<String> chosen(List<String> all) {
      new FieldNames(all)
          .have(EXCLUDE, excluded)
          .have(HASH, hashed)
          .have(ALLOW_PERSONAL, allowed)
          .check();
      List<String> left = new ArrayList<>(all);
      left.removeAll(excluded);
      return next.chosen(left);
    }

    @Override
    public void fields(List<String> names) {
      warn(names);
      this.names = List.copyOf(names);
      leaving = new @Nullable Object[names.size()];
      next.fields(names);
    }

    @Override
    public void user(Object id, @Nullable Object[] values, int[] numbers) {
      if (hash == null) {
        next.user(id, values, numbers);
        return;
      }
      for (int i = 0; i < leaving.length; i++) {
        leaving[i] = leaving(hash, names.get(i), values[i]);
      }
      next.user(id, leaving, numbers);
    }

    private @Nullable Object leaving(FieldHash hash, String name, @Nullable Object value) {
      try {
        return hashed.contains(name) ? hash.of(value) : value;
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("field " + name + ": " + e.getMessage(), e);
      }
    }
  }

  private void warn(List<String> names) {
    List<String> personal =
        names.stream()
            .filter(name -> !hashed.contains(name) && !allowed.contains(name))
            .filter(PersonalNames::looksPersonal)
            .toList();
    if (!personal.isEmpty() && !hasWarned.getAndSet(true)) {
      log()
          .warn(
              "fields that look personal leave the database: {}; --exclude or --hash keeps them in,"
                  + " --allow-personal says that they may",
              String.join(", ", personal));
    }
  }

  /** Returns the log, which is not opened for a command's help. */
  private static Logger log() {
    return LoggerFactory.getLogger(Disclosure.class);
  }
}
