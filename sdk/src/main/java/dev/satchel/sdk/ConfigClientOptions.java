package dev.satchel.sdk;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * How a client starts and refreshes. Immutable; build with {@link #builder} or {@link #fromEnv}.
 */
public final class ConfigClientOptions {

  /** The key that the publisher writes unless told otherwise. */
  public static final String DEFAULT_KEY = "user-configs";

  /**
   * One minute. A write to KV may take 60 s to be visible everywhere, so polling faster does not
   * promise to see it sooner; and an account has 1,200 API requests in 5 minutes, of which each
   * process takes 5 at this interval, so that 200 processes leave a sixth for everything else.
   */
  public static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(60);

  /** One minute: the largest value, 25 MiB, arrives in it at 3.5 Mbit/s. */
  public static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(60);

  /** Ten seconds: longer than a healthy start takes, shorter than a deployment's patience. */
  public static final Duration DEFAULT_START_TIMEOUT = Duration.ofSeconds(10);

  private static final Duration SHORTEST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofDays(1);

  /** What opening does when no snapshot can be had. */
  public enum WhenNothing {
    /** Opens anyway: lookups answer the caller's defaults until a snapshot arrives. */
    CONTINUE,
    /** Waits for the first snapshot, however long that takes. */
    WAIT,
    /** Fails, with the reason. */
    FAIL
  }

  private final String key;
  private final Duration pollInterval;
  private final Duration callTimeout;
  private final Duration startTimeout;
  private final WhenNothing whenNothing;
  private final InstantSource clock;

  private ConfigClientOptions(Builder from) {
    key = from.key;
    pollInterval = from.pollInterval;
    callTimeout = from.callTimeout;
    startTimeout = from.startTimeout;
    whenNothing = from.whenNothing;
    clock = from.clock;
  }

  /** Every option at its default. */
  public static ConfigClientOptions defaults() {
    return builder().build();
  }

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Options from {@code SATCHEL_KEY} and {@code SATCHEL_POLL_INTERVAL} ({@code 30s}, {@code 5m},
   * {@code PT1M}), each with its default.
   *
   * @throws IllegalArgumentException that names the variable, if one is malformed
   */
  public static ConfigClientOptions fromEnv(Map<String, String> env) {
    var variables = new Variables(env);
    var builder = builder().key(variables.text("SATCHEL_KEY", DEFAULT_KEY));
    Duration interval = variables.duration("SATCHEL_POLL_INTERVAL", DEFAULT_POLL_INTERVAL);
    try {
      return builder.pollInterval(interval).build();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("SATCHEL_POLL_INTERVAL: " + e.getMessage(), e);
    }
  }

  /** The KV key of the snapshot. */
  public String key() {
    return key;
  }

  /** The mean time between two polls; each is drawn from 90 to 110 % of it. */
  public Duration pollInterval() {
    return pollInterval;
  }

  /** How long one call to the source may take. */
  public Duration callTimeout() {
    return callTimeout;
  }

  /** How long opening waits for the first attempt, unless it waits for a snapshot. */
  public Duration startTimeout() {
    return startTimeout;
  }

  /** What opening does when no snapshot can be had. */
  public WhenNothing whenNothing() {
    return whenNothing;
  }

  /** Where times in {@link ClientStatus} come from. */
  public InstantSource clock() {
    return clock;
  }

  @Override
  public String toString() {
    return "key=%s pollInterval=%s callTimeout=%s startTimeout=%s whenNothing=%s"
        .formatted(key, pollInterval, callTimeout, startTimeout, whenNothing);
  }

  /** Collects options; each is checked where it is set. Confined to one thread. */
  public static final class Builder {
    private String key = DEFAULT_KEY;
    private Duration pollInterval = DEFAULT_POLL_INTERVAL;
    private Duration callTimeout = DEFAULT_CALL_TIMEOUT;
    private Duration startTimeout = DEFAULT_START_TIMEOUT;
    private WhenNothing whenNothing = WhenNothing.CONTINUE;
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
      this.pollInterval = inRange("pollInterval", pollInterval);
      return this;
    }

    /** Sets {@link ConfigClientOptions#callTimeout}; 10 ms to 1 day. */
    public Builder callTimeout(Duration callTimeout) {
      this.callTimeout = inRange("callTimeout", callTimeout);
      return this;
    }

    /** Sets {@link ConfigClientOptions#startTimeout}; 10 ms to 1 day. */
    public Builder startTimeout(Duration startTimeout) {
      this.startTimeout = inRange("startTimeout", startTimeout);
      return this;
    }

    /** Sets {@link ConfigClientOptions#whenNothing}. */
    public Builder whenNothing(WhenNothing whenNothing) {
      this.whenNothing = whenNothing;
      return this;
    }

    /** Sets {@link ConfigClientOptions#clock}; for tests. */
    public Builder clock(InstantSource clock) {
      this.clock = clock;
      return this;
    }

    /** The options collected so far. */
    public ConfigClientOptions build() {
      return new ConfigClientOptions(this);
    }

    private static Duration inRange(String name, Duration value) {
      if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "%s must be from %s to %s but is %s".formatted(name, SHORTEST, LONGEST, value));
      }
      return value;
    }
  }
}
