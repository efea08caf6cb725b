package dev.satchel.sdk.source;

/** The watch of a source that always tells its clients of changes. */
record Telling(Runnable end) implements SnapshotSource.Watch {
  @Override
  public void close() {
    end.run();
  }

  @Override
  public boolean isTelling() {
    return true;
  }
}
