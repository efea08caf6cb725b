package dev.satchel.sdk;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.satchel.http.NetworkOptions;
import dev.satchel.snapshot.VerifyingKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of a client: how it starts and refreshes. Immutable; build with {@link #builder} or
 * {@link #fromEnv}.
 */
public final class ConfigClientOptions {

  /** The key that the publisher writes unless told otherwise. */
  public static final String DEFAULT_KEY = "user-configs";

  /**
   * One minute. A write to KV may take 60 s to become visible everywhere, so polling faster need
   * not show it sooner. An account has 1,200 API requests in 5 minutes and each process takes 5 at
   * this interval, so 200 processes leave a sixth for everything else.
   */
  public static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(60);

  /** One minute: enough for the largest value, 25 MiB, at 3.5 Mbit/s. */
  public static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(60);

  /** Ten seconds: longer than a healthy start takes, shorter than a deployment's patience. */
  public static final Duration DEFAULT_START_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration LONGEST_AGE = Duration.ofDays(3_650);

  /** What opening does when no snapshot is available. */
  public enum WhenNothing {
    /** Opens anyway: lookups return the caller's defaults until a snapshot arrives. */
    CONTINUE,
    /** Waits for the first snapshot, however long that takes. */
    WAIT,
    /** Fails, with the reason. */
    FAIL
  }

  /** What lookups do when the view has expired. */
  public enum WhenExpired {
    /**
     * Lookups go on answering from it; only the client's status says that it is no longer ready.
     */
    KEEP_SERVING,
    /** Lookups return the caller's defaults until the source confirms a snapshot again. */
    ANSWER_DEFAULTS
  }

  private final String key;
  private final Duration pollInterval;
  private final @Nullable Duration longestWait;
  private final Duration callTimeout;
  private final Duration startTimeout;
  private final WhenNothing whenNothing;
  private final Duration staleAfter;
  private final @Nullable Duration expireAfter;
  private final WhenExpired whenExpired;
  private final @Nullable Path copyDirectory;
  private final @Nullable Bundle bundle;
  private final @Nullable Long pinnedRevision;
  private final int requestBudget;
  private final List<VerifyingKey> publicKeys;
  private final NetworkOptions network;
  private final ExpectedFields expectedFields;
  private final Binder binder;
  private final InstantSource clock;

  private ConfigClientOptions(Builder from) {
    key = from.key;
    pollInterval = from.pollInterval;
    longestWait = from.longestWait;
    callTimeout = from.callTimeout;
    startTimeout = from.startTimeout;
    whenNothing = from.whenNothing;
    staleAfter = from.staleAfter;
    expireAfter = from.expireAfter;
    whenExpired = from.whenExpired;
    copyDirectory = from.copyDirectory;
    bundle = from.bundle;
    pinnedRevision = from.pinnedRevision;
    requestBudget =
        from.requestBudget == 0
            ? RequestBudget.byDefault(from.pollInterval, from.longestWait)
            : from.requestBudget;
    publicKeys = from.publicKeys;
    network = from.network;
    expectedFields = from.expectedFields;
    binder = from.binder;
    clock = from.clock;
  }

  /** Returns options that are all at their defaults. */
  public static ConfigClientOptions defaults() {
    return builder().build();
  }

  /** Returns a builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns options from environment variables; an unset or empty variable means the default.
   * Durations are written {@code 30s}, {@code 5m}, {@code 12h}, {@code 30d} or {@code PT1M}.
   *
   * <table>
   * <caption>Variables</caption>
   * <tr><td>{@code SATCHEL_KEY}<td>{@link #key}
   * <tr><td>{@code SATCHEL_POLL_INTERVAL}<td>{@link #pollInterval}
   * <tr><td>{@code SATCHEL_LONGEST_WAIT}<td>{@link #longestWait}
   * <tr><td>{@code SATCHEL_CALL_TIMEOUT}<td>{@link #callTimeout}
   * <tr><td>{@code SATCHEL_START_TIMEOUT}<td>{@link #startTimeout}
   * <tr><td>{@code SATCHEL_WHEN_NOTHING}<td>{@link #whenNothing}: {@code continue}, {@code wait} or
   *     {@code fail}
   * <tr><td>{@code SATCHEL_COPY_DIR}<td>{@link #copyDirectory}
   * <tr><td>{@code SATCHEL_BUNDLED}<td>{@link Builder#bundledFile}
   * <tr><td>{@code SATCHEL_STALE_AFTER}<td>{@link #staleAfter}
   * <tr><td>{@code SATCHEL_EXPIRE_AFTER}<td>{@link #expireAfter}
   * <tr><td>{@code SATCHEL_WHEN_EXPIRED}<td>{@link #whenExpired}: {@code keep-serving} or {@code
   *     answer-defaults}
   * <tr><td>{@code SATCHEL_PINNED_REVISION}<td>{@link #pinnedRevision}
   * <tr><td>{@code SATCHEL_REQUEST_BUDGET}<td>{@link #requestBudget}
   * <tr><td>{@code SATCHEL_PUBLIC_KEYS}<td>{@link #publicKeys}, separated by commas
   * <tr><td>{@code SATCHEL_EXPECTED_FIELDS}<td>{@link Builder#expectedFields}, name:type,name:type
   * </table>
   *
   * <p>{@link NetworkOptions#fromEnv} lists the variables for proxies and plain http, {@link
   * ConfigClient#sourceFromEnv} those for the source.
   *
   * @throws IllegalArgumentException if a variable is malformed; the message names it
   */
  public static ConfigClientOptions fromEnv(Map<String, String> env) {
    var variables = new Variables(env);
    var builder = builder();
    variables.set("SATCHEL_KEY", "user-configs", text -> builder.key(text));
    variables.setDuration("SATCHEL_POLL_INTERVAL", builder::pollInterval);
    variables.setDuration("SATCHEL_LONGEST_WAIT", builder::longestWait);
    variables.setDuration("SATCHEL_CALL_TIMEOUT", builder::callTimeout);
    variables.setDuration("SATCHEL_START_TIMEOUT", builder::startTimeout);
    variables.setChoice("SATCHEL_WHEN_NOTHING", WhenNothing.values(), builder::whenNothing);
    variables.set("SATCHEL_COPY_DIR", "/var/lib/app", text -> builder.copyDirectory(Path.of(text)));
    variables.set("SATCHEL_BUNDLED", "/app/a.satchel", text -> builder.bundledFile(Path.of(text)));
    variables.setDuration("SATCHEL_STALE_AFTER", builder::staleAfter);
    variables.setDuration("SATCHEL_EXPIRE_AFTER", builder::expireAfter);
    variables.setChoice("SATCHEL_WHEN_EXPIRED", WhenExpired.values(), builder::whenExpired);
    variables.set(
        "SATCHEL_PINNED_REVISION",
        "1772366400000",
        text -> builder.pinnedRevision(Long.parseLong(text)));
    variables.set(
        "SATCHEL_REQUEST_BUDGET", "240", text -> builder.requestBudget(Integer.parseInt(text)));
    variables.set(
        "SATCHEL_PUBLIC_KEYS",
        "what satchel keygen prints",
        text ->
            builder.publicKeys(
                Arrays.stream(text.split(",", -1)).map(VerifyingKey::parse).toList()));
    variables.set(
        "SATCHEL_EXPECTED_FIELDS",
        "preview_features_enabled:boolean",
        text -> builder.expectedFields(ExpectedFields.parse(text)));
    return builder.network(NetworkOptions.fromEnv(env)).build();
  }

  /**
   * Returns the KV key of the snapshot. For a source other than KV, it is still the key that the
   * publisher signed the snapshot for.
   */
  public String key() {
    return key;
  }

  /** Returns the mean time between two polls; each wait is drawn from 90 to 110 % of it. */
  public Duration pollInterval() {
    return pollInterval;
  }

  /**
   * Returns how long a request may wait at an address for a change, or null, the default, for no
   * such requests; see {@link dev.satchel.sdk.source.HttpSource#waiting}.
   */
  public @Nullable Duration longestWait() {
    return longestWait;
  }

  /** Returns how long one call to the source may take. */
  public Duration callTimeout() {
    return callTimeout;
  }

  /**
   * Returns how long opening tries to reach the source, unless it waits for a snapshot. Opening
   * ends sooner once the source has answered, or once there is a copy or a bundle to start from.
   */
  public Duration startTimeout() {
    return startTimeout;
  }

  /** Returns what opening does when no snapshot can be had. */
  public WhenNothing whenNothing() {
    return whenNothing;
  }

  /**
   * Returns how long the source may fail before the state is STALE, counted from its last
   * confirmation. Zero, the default, means at the first failure.
   */
  public Duration staleAfter() {
    return staleAfter;
  }

  /**
   * Returns how long after the source's last confirmation the state is EXPIRED, or null, the
   * default, for never. A bundled snapshot, which no source has confirmed, expires this long after
   * it was published.
   */
  public @Nullable Duration expireAfter() {
    return expireAfter;
  }

  /** Returns what lookups do when the view has expired; by default they go on answering from it. */
  public WhenExpired whenExpired() {
    return whenExpired;
  }

  /**
   * Returns the directory where copies of the newest two snapshots are kept for the next start, or
   * null, the default, for none. Processes may share it if they read the same namespace.
   */
  public @Nullable Path copyDirectory() {
    return copyDirectory;
  }

  @Nullable Bundle bundle() {
    return bundle;
  }

  /** Returns the only revision to use, or null, the default, for the newest. */
  public @Nullable Long pinnedRevision() {
    return pinnedRevision;
  }

  /**
   * Returns the most requests that the client makes in any five minutes, including calls of {@link
   * ConfigClient#refreshNow}; further ones have to wait. Half of them may be made at once. By
   * default 240, or more if the poll interval is below six seconds or {@link #longestWait} is set.
   * Requests that wait do not count.
   */
  public int requestBudget() {
    return requestBudget;
  }

  /**
   * Returns the public keys of the signers. Every snapshot, whether from the source, the copy on
   * disk or the bundle, must be signed for {@link #key} by one of them. Empty, the default, accepts
   * unsigned snapshots. To change keys, list both the old and the new one until the publisher uses
   * the new one.
   */
  public List<VerifyingKey> publicKeys() {
    return publicKeys;
  }

  /** Returns the KV key to read: the snapshot in use, or the copy of the pinned revision. */
  String keyToRead() {
    return pinnedRevision == null ? key : key + "@" + pinnedRevision;
  }

  /**
   * Returns how to reach the source that {@link ConfigClient#sourceFromEnv} makes: the proxy, TLS,
   * and hosts for plain http.
   */
  public NetworkOptions network() {
    return network;
  }

  ExpectedFields expectedFields() {
    return expectedFields;
  }

  Binder binder() {
    return binder;
  }

  /** Returns the clock for the times in {@link ClientStatus}. */
  public InstantSource clock() {
    return clock;
  }

  @Override
  public String toString() {
    return ("key=%s pollInterval=%s longestWait=%s callTimeout=%s startTimeout=%s whenNothing=%s staleAfter=%s"
            + " expireAfter=%s whenExpired=%s copyDirectory=%s bundle=%s pinnedRevision=%s"
            + " requestBudget=%d publicKeys=%s %s")
        .formatted(
            key,
            pollInterval,
            longestWait,
            callTimeout,
            startTimeout,
            whenNothing,
            staleAfter,
            expireAfter,
            whenExpired,
            copyDirectory,
            bundle,
            pinnedRevision,
            requestBudget,
            publicKeys.stream().map(VerifyingKey::id).toList(),
            network);
  }

  /** Collects options; each is checked where it is set. Confined to one thread. */
  public static final class Builder {
    private String key = DEFAULT_KEY;
    private Duration pollInterval = DEFAULT_POLL_INTERVAL;
    private @Nullable Duration longestWait;
    private Duration callTimeout = DEFAULT_CALL_TIMEOUT;
    private Duration startTimeout = DEFAULT_START_TIMEOUT;
    private WhenNothing whenNothing = WhenNothing.CONTINUE;
    private Duration staleAfter = Duration.ZERO;
    private @Nullable Duration expireAfter;
    private WhenExpired whenExpired = WhenExpired.KEEP_SERVING;
    private @Nullable Path copyDirectory;
    private @Nullable Bundle bundle;
    private @Nullable Long pinnedRevision;
    private int requestBudget;
    private List<VerifyingKey> publicKeys = List.of();
    private NetworkOptions network = NetworkOptions.defaults();
    private ExpectedFields expectedFields = ExpectedFields.UNTOLD;
    private Binder binder = new Binder(null);
    private InstantSource clock = InstantSource.system();

    private Builder() {}

    /** Sets {@link ConfigClientOptions#key}; not empty. */
    public Builder key(String key) {
      if (key.isEmpty()) {
        throw new IllegalArgumentException("key must not be empty");
      }
      this.key = key;
      return this;
    }

    /** Sets {@link ConfigClientOptions#pollInterval}; 10 ms to 1 day. */
    public Builder pollInterval(Duration pollInterval) {
      this.pollInterval = inRange("pollInterval", pollInterval, SHORTEST, LONGEST);
      return this;
    }

    /** Sets {@link ConfigClientOptions#longestWait}; 1 s to 10 min. */
    public Builder longestWait(Duration longestWait) {
      this.longestWait =
          inRange("longestWait", longestWait, Duration.ofSeconds(1), Duration.ofMinutes(10));
      return this;
    }

    /** Sets {@link ConfigClientOptions#callTimeout}; 10 ms to 1 day. */
    public Builder callTimeout(Duration callTimeout) {
      this.callTimeout = inRange("callTimeout", callTimeout, SHORTEST, LONGEST);
      return this;
    }

    /** Sets {@link ConfigClientOptions#startTimeout}; 10 ms to 1 day. */
    public Builder startTimeout(Duration startTimeout) {
      this.startTimeout = inRange("startTimeout", startTimeout, SHORTEST, LONGEST);
      return this;
    }

    /** Sets {@link ConfigClientOptions#whenNothing}. */
    public Builder whenNothing(WhenNothing whenNothing) {
      this.whenNothing = whenNothing;
      return this;
    }

    /** Sets {@link ConfigClientOptions#staleAfter}; 0 to 3,650 days. */
    public Builder staleAfter(Duration staleAfter) {
      this.staleAfter = inRange("staleAfter", staleAfter, Duration.ZERO, LONGEST_AGE);
      return this;
    }

    /** Sets {@link ConfigClientOptions#expireAfter}; 10 ms to 3,650 days. */
    public Builder expireAfter(Duration expireAfter) {
      this.expireAfter = inRange("expireAfter", expireAfter, SHORTEST, LONGEST_AGE);
      return this;
    }

    /** Sets {@link ConfigClientOptions#whenExpired}. */
    public Builder whenExpired(WhenExpired whenExpired) {
      this.whenExpired = whenExpired;
      return this;
    }

    /**
     * Sets {@link ConfigClientOptions#copyDirectory}, which is created when there is something to
     * keep.
     */
    public Builder copyDirectory(Path copyDirectory) {
      this.copyDirectory = copyDirectory;
      return this;
    }

    /** Names a file to start from when neither source nor disk has a snapshot. */
    public Builder bundledFile(Path bundledFile) {
      this.bundle = new Bundle.InFile(bundledFile);
      return this;
    }

    /**
     * Names a resource on the class path, without a leading slash, to start from when neither
     * source nor disk has a snapshot.
     */
    public Builder bundledResource(String bundledResource) {
      this.bundle = Bundle.OnClassPath.of(bundledResource);
      return this;
    }

    /** Sets {@link ConfigClientOptions#pinnedRevision}; at least 1. */
    public Builder pinnedRevision(long pinnedRevision) {
      if (pinnedRevision < 1) {
        throw new IllegalArgumentException(
            "pinnedRevision must be at least 1 but is " + pinnedRevision);
      }
      this.pinnedRevision = pinnedRevision;
      return this;
    }

    /** Sets {@link ConfigClientOptions#requestBudget}; 4 to 1,000,000. */
    public Builder requestBudget(int requestBudget) {
      if (requestBudget < 4 || requestBudget > 1_000_000) {
        throw new IllegalArgumentException(
            "requestBudget must be from 4 to 1000000 but is " + requestBudget);
      }
      this.requestBudget = requestBudget;
      return this;
    }

    /** Sets {@link ConfigClientOptions#publicKeys}. */
    public Builder publicKeys(List<VerifyingKey> publicKeys) {
      this.publicKeys = List.copyOf(publicKeys);
      return this;
    }

    /** Sets {@link ConfigClientOptions#network}. */
    public Builder network(NetworkOptions network) {
      this.network = network;
      return this;
    }

    /**
     * Names the fields that the application uses. Opening then fails on a snapshot without them,
     * and the client makes no handle on others. By default mistakes are only told.
     */
    public Builder expectedFields(Map<String, FieldType> expectedFields) {
      this.expectedFields = new ExpectedFields(Map.copyOf(expectedFields));
      return this;
    }

    /** Sets the mapper by whose rules alone {@link Lookups#config(String, Class)} binds users. */
    public Builder objectMapper(ObjectMapper objectMapper) {
      this.binder = new Binder(objectMapper);
      return this;
    }

    /** Sets {@link ConfigClientOptions#clock}; for tests. Ages follow it whenever it goes ahead. */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /**
     * Returns the options collected so far.
     *
     * @throws IllegalArgumentException if some of them contradict each other
     */
    public ConfigClientOptions build() {
      if (expireAfter != null && expireAfter.compareTo(staleAfter) < 0) {
        throw new IllegalArgumentException(
            "expireAfter must be at least staleAfter, %s, but is %s"
                .formatted(staleAfter, expireAfter));
      }
      if (expireAfter != null && expireAfter.compareTo(pollInterval) <= 0) {
        throw new IllegalArgumentException(
            "expireAfter must be longer than pollInterval, %s, but is %s"
                .formatted(pollInterval, expireAfter));
      }
      return new ConfigClientOptions(this);
    }

    private static Duration inRange(String name, Duration value, Duration least, Duration most) {
      if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
        throw new IllegalArgumentException(
            "%s must be from %s to %s but is %s".formatted(name, least, most, value));
      }
      return value;
    }
  }
}
