package dev.satchel.snapshot;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Tells whether sections of two snapshots are stored in the same bytes, without those bytes. */
final class SectionDigest {
  /** The codec of columns that need another field to be read; its name is in their descriptor. */
  private static final byte[] DEPENDENT = "prefixed".getBytes(StandardCharsets.UTF_8);

  private SectionDigest() {}

  /**
   * Equal for sections of equal content and, but for those with columns that depend on other
   * fields, only for them. It covers the descriptor and the frames' digests.
   */
  static String of(ByteReader descriptor, byte[] table, int from, int to) {
    MessageDigest digest = SnapshotLayout.sha256();
    digest.update(table, from, to - from);
    descriptor.digestTo(digest);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Whether equal bytes may stand for other values where another field differs. */
  static boolean mayDependOnOthers(ByteReader descriptor) {
    return descriptor.mentions(DEPENDENT);
  }
}
