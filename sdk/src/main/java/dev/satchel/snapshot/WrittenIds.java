package dev.satchel.snapshot;

/**
 * The result of writing user ids: a snapshot's first section, and the order of its users.
 *
 * @param order for each user number in the snapshot, the index at which the user was given
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record WrittenIds(ByteWriter descriptor, FrameWriter frames, int[] order) {}
