package dev.satchel.publisher.model;

import dev.satchel.publisher.time.Time;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/** Time that passes only when the model says so. */
final class ModelTime implements Time {
  private final Function<Duration, Future<Void>> passing;
  private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

  /** Time that whoever waits lets pass through the model. */
  ModelTime(Function<Duration, Future<Void>> passing) {
    this.passing = passing;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public long nanos() {
    return now.toEpochMilli() * 1_000_000;
  }

  @Override
  public Future<Void> pause(Duration time) {
    return passing.apply(time);
  }

  /** The same time on a clock that is wrong by so much. */
  Time off(Duration by) {
    ModelTime right = this;
    return new Time() {
      @Override
      public Instant instant() {
        return right.instant().plus(by);
      }

      @Override
      public long nanos() {
        return right.nanos();
      }

      @Override
      public Future<Void> pause(Duration time) {
        return right.pause(time);
      }
    };
  }

  /** Goes on to a moment, unless it is later already. */
  void reach(Instant moment) {
    if (moment.isAfter(now)) {
      now = moment;
    }
  }
}
