package dev.satchel.snapshot;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.util.Arrays;

/** The body of a patch, without compression and digests: what a test changes to get behind both. */
final class UnsealedPatch {
  private UnsealedPatch() {}

  static byte[] body(byte[] patch, Snapshot before) {
    try (ZstdDecompressCtx zstd = new ZstdDecompressCtx()) {
      zstd.loadDict(before.catalog().content());
      byte[] stored = Arrays.copyOfRange(patch, SnapshotPatch.BODY_AT, patch.length);
      return zstd.decompress(stored, LittleEndian.getInt(patch, SnapshotPatch.BODY_BYTES_AT));
    }
  }

  /** A patch with another body, in which the digests of the header are right. */
  static byte[] seal(byte[] patch, byte[] body, Snapshot before) {
    byte[] resealed = body.clone();
    ByteReader in = new ByteReader(resealed, 0, resealed.length, "a body");
    try {
      int length = in.length("a header's length");
      if (length > SnapshotLayout.CATALOG_AT) {
        byte[] header = in.bytes(length, "a header");
        Unsealed.resealHeader(header, length);
        System.arraycopy(header, 0, resealed, in.position() - length, length);
      }
    } catch (SnapshotFormatException e) {
      resealed = body.clone();
    }
    try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
      zstd.loadDict(before.catalog().content());
      ByteWriter out = new ByteWriter();
      out.bytes(patch, 0, SnapshotPatch.BODY_BYTES_AT);
      out.u32(resealed.length);
      out.bytes(zstd.compress(resealed));
      return out.toByteArray();
    }
  }
}
