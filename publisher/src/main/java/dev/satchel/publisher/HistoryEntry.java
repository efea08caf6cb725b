package dev.satchel.publisher;

import io.vertx.core.json.JsonObject;

/**
 * A revision that can be looked at and rolled back to.
 *
 * @param isInUse whether readers get this revision
 */
record HistoryEntry(SnapshotMetadata metadata, boolean isInUse) {

  /** Returns whether it is in use and stays so until somebody resumes. */
  boolean isHeld() {
    return metadata.hold() != null;
  }

  JsonObject toJson() {
    return metadata.toJson().put("inUse", isInUse).put("held", isHeld());
  }
}
