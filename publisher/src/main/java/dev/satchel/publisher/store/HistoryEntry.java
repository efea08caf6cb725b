package dev.satchel.publisher.store;

import io.vertx.core.json.JsonObject;

/**
 * One revision that can be looked at and rolled back to.
 *
 * @param isInUse whether it is what readers get
 */
public record HistoryEntry(SnapshotMetadata metadata, boolean isInUse) {

  /** Whether it is in use and stays so until somebody resumes. */
  boolean isHeld() {
    return metadata.hold() != null;
  }

  public JsonObject toJson() {
    return metadata.toJson().put("inUse", isInUse).put("held", isHeld());
  }
}
