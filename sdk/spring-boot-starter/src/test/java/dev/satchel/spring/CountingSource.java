package dev.satchel.spring;

import dev.satchel.sdk.source.Announcement;
import dev.satchel.sdk.source.SnapshotSource;
import java.util.Optional;

/** Passes everything through and counts how often it is closed. */
final class CountingSource implements SnapshotSource {
  private final SnapshotSource real;
  volatile int closings;

  CountingSource(SnapshotSource real) {
    this.real = real;
  }

  @Override
  public Optional<Announcement> announcement() throws Exception {
    return real.announcement();
  }

  @Override
  public Optional<byte[]> value(Announcement announced) throws Exception {
    return real.value(announced);
  }

  @Override
  public synchronized void close() {
    closings++;
    real.close();
  }

  @Override
  public String toString() {
    return real.toString();
  }
}
