package dev.satchel.snapshot;

import java.util.concurrent.Callable;

/**
 * The result of writing user ids: a snapshot's first section, and the order of its users.
 *
 * @param order for each user number in the snapshot, the index at which the user was given
 * @param frames makes the frames, on any thread, while fields are written in that order
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
record WrittenIds(ByteWriter descriptor, int[] order, Callable<FrameWriter> frames) {}
