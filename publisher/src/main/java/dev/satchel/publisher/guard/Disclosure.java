package dev.satchel.publisher.guard;

import dev.satchel.kv.EnvVariables;
import dev.satchel.publisher.source.UserSink;
import dev.satchel.publisher.text.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which of the query's fields leave the database, and in which form. Safe for any thread. */
public final class Disclosure {
  private static final Logger LOG = LoggerFactory.getLogger(Disclosure.class);

  public static final String EXCLUDE = "SATCHEL_EXCLUDE";
  public static final String HASH = "SATCHEL_HASH";
  public static final String HASH_KEY = "SATCHEL_HASH_KEY";
  public static final String HASH_KEY_FILE = "SATCHEL_HASH_KEY_FILE";
  public static final String ALLOW_PERSONAL = "SATCHEL_ALLOW_PERSONAL";

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
    Set<String> excluded = names(env, EXCLUDE);
    Set<String> hashed = names(env, HASH);
    for (String both : hashed) {
      if (excluded.contains(both)) {
        problems.add(
            "%s: expected no field that is also in %s but found %s".formatted(HASH, EXCLUDE, both));
      }
    }
    byte[] key = hashed.isEmpty() ? new byte[0] : hashKey(env, problems);
    return new Disclosure(excluded, hashed, key, names(env, ALLOW_PERSONAL));
  }

  private static Set<String> names(Map<String, String> env, String variable) {
    return Arrays.stream(EnvVariables.get(env, variable, "").split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static byte[] hashKey(Map<String, String> env, List<String> problems) {
    int others = problems.size();
    String secret = EnvVariables.secret(env, HASH_KEY, problems).orElse("");
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    if (key.length < FieldHash.MIN_KEY_BYTES && problems.size() == others) {
      problems.add(
          "%s: expected a secret of at least %d bytes, because %s is set, but found %s"
              .formatted(
                  EnvVariables.origin(env, HASH_KEY),
                  FieldHash.MIN_KEY_BYTES,
                  HASH,
                  key.length == 0 ? "none" : key.length));
    }
    return key;
  }

  /** Returns a sink that hands on only what may leave. */
  public UserSink before(UserSink next) {
    return new Leaving(next);
  }

  private final class Leaving implements UserSink {
    private final UserSink next;
    private final @Nullable FieldHash hash = hashed.isEmpty() ? null : new FieldHash(hashKey);
    private int[] from = new int[0];
    private boolean[] isHashed = new boolean[0];
    private @Nullable Object[] leaving = new @Nullable Object[0];

    Leaving(UserSink next) {
      this.next = next;
    }

    @Override
    public void fields(List<String> names) {
      check(EXCLUDE, excluded, names);
      check(HASH, hashed, names);
      List<String> left = new ArrayList<>(names);
      left.removeAll(excluded);
      warn(left);
      from = left.stream().mapToInt(names::indexOf).toArray();
      isHashed = new boolean[from.length];
      for (int i = 0; i < from.length; i++) {
        isHashed[i] = hashed.contains(left.get(i));
      }
      leaving = new @Nullable Object[from.length];
      next.fields(left);
    }

    @Override
    public void user(Object id, @Nullable Object[] values) {
      for (int i = 0; i < from.length; i++) {
        Object value = values[from[i]];
        leaving[i] = hash != null && isHashed[i] ? hash.of(value) : value;
      }
      next.user(id, leaving);
    }
  }

  /** Refuses a name that the query does not have: a mistyped one must not let out a field. */
  private static void check(String variable, Set<String> wanted, List<String> names) {
    List<String> unknown = wanted.stream().filter(name -> !names.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new RefusedException(
          variable,
          "%s: expected fields of SATCHEL_QUERY, which are %s, but found %s"
              .formatted(variable, String.join(", ", names), String.join(", ", unknown)));
    }
  }

  private void warn(List<String> names) {
    List<String> personal =
        names.stream()
            .filter(name -> !hashed.contains(name) && !allowed.contains(name))
            .filter(PersonalNames::looksPersonal)
            .toList();
    if (!personal.isEmpty() && !hasWarned.getAndSet(true)) {
      LOG.warn(
          "fields that look personal leave the database: {}; --exclude or --hash keeps them in,"
              + " --allow-personal says that they may",
          String.join(", ", personal));
    }
  }
}
