package dev.satchel.publisher.store;

import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.text.RefusedException;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotFormatException;
import dev.satchel.snapshot.SnapshotHeader;

/**
 * The limits of a publisher, whatever the value's origin: it writes nothing beyond them and opens
 * nothing beyond them. A few hundred bytes can claim a hundred million users, who would all be
 * compared.
 */
public final class ValueLimits {
  /** The most users: more than 25 MiB hold of any ids but consecutive numbers. */
  static final int MAX_USERS = 1 << 25;

  /** The most values of all users, which are looked at one by one. */
  static final long MAX_VALUES = 1L << 30;

  private ValueLimits() {}

  /**
   * Opens an untrusted value.
   *
   * @throws SnapshotFormatException if it is not sound
   * @throws RefusedException if it is more than a publisher handles
   * @throws TooLittleHeapException if it is more than this process has memory for
   */
  public static Snapshot open(byte[] value) {
    check(value);
    return Snapshot.openWhole(value);
  }

  /** Reads the header of a value, and checks what it claims; throws the same as {@link #open}. */
  public static SnapshotHeader check(byte[] value) {
    if (value.length > KvLimits.MAX_VALUE_BYTES) {
      throw new RefusedException(
          "expected a value of at most %,d bytes but found %,d"
              .formatted(KvLimits.MAX_VALUE_BYTES, value.length));
    }
    var header = SnapshotHeader.of(value);
    long values = (long) header.users() * header.fields();
    if (header.users() > MAX_USERS) {
      throw new RefusedException(
          "expected at most %,d users but found %,d".formatted(MAX_USERS, header.users()));
    }
    if (values > MAX_VALUES) {
      throw new RefusedException(
          "expected at most %,d values but found %,d of %,d users"
              .formatted(MAX_VALUES, values, header.users()));
    }
    long mostBytes = Runtime.getRuntime().maxMemory() / 2;
    if (header.openedBytes() > mostBytes) {
      throw new TooLittleHeapException(mostBytes, header.openedBytes());
    }
    return header;
  }
}
