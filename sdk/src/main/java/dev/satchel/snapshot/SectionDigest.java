package dev.satchel.snapshot;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Tells from digests whether sections of two snapshots are stored in the same bytes. */
final class SectionDigest {
  /** The codec of columns that need another field; their descriptors contain its name. */
  private static final byte[] DEPENDENT = "prefixed".getBytes(StandardCharsets.UTF_8);

  private SectionDigest() {}

  /**
   * Returns a digest that is equal for sections of equal content, and different for all others
   * except for columns that depend on other fields. It covers the descriptor and the frames'
   * digests.
   */
  static String of(ByteReader descriptor, byte[] table, int from, int to) {
    MessageDigest digest = SnapshotLayout.sha256();
    digest.update(table, from, to - from);
    descriptor.digestTo(digest);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Returns whether equal bytes may mean different values because another field differs. */
  static boolean mayDependOnOthers(ByteReader descriptor) {
    return descriptor.mentions(DEPENDENT);
  }
}
