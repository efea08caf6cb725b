package dev.satchel.snapshot;

/**
 * User ids that are written: a snapshot's first section, and the order of its users.
 *
 * @param order the place at which the id of each user was given; index is the number that the user
 *     has in the snapshot
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record WrittenIds(ByteWriter descriptor, FrameWriter frames, int[] order) {}
