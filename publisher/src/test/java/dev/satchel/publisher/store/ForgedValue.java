package dev.satchel.publisher.store;

import com.github.luben.zstd.Zstd;
import dev.satchel.kv.Digests;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/** Values that no encoder writes but that every digest of the format says are sound. */
final class ForgedValue {
  /** 48 in each of 2^21 buckets. */
  static final int HUNDRED_MILLION = 48 << 21;

  private static final int FRAME_BYTES = 1 << 20;

  private ForgedValue() {}

  /** A snapshot of a hundred million users in a few hundred bytes, who are all named x. */
  static byte[] ofAHundredMillionUsers(long revision) throws Exception {
    var counts = new byte[FRAME_BYTES];
    Arrays.fill(counts, (byte) 48);
    byte[] frame = Zstd.compress(counts);
    var catalog = new ByteArrayOutputStream();
    u32(catalog, HUNDRED_MILLION);
    u32(catalog, 2);
    for (int i = 0; i < 2; i++) {
      u32(catalog, frame.length);
      u32(catalog, FRAME_BYTES);
      catalog.writeBytes(HexFormat.of().parseHex(Digests.sha256(frame)));
    }
    var descriptor = new ByteArrayOutputStream();
    text(descriptor, "texts");
    descriptor.writeBytes(new byte[Long.BYTES]); // the key of the hash
    descriptor.write(21); // bits of a bucket
    text(descriptor, "constant");
    descriptor.write(7); // a text
    text(descriptor, "x");
    text(catalog, "user ids");
    catalog.write(2); // frames
    catalog.write(descriptor.size());
    catalog.writeBytes(descriptor.toByteArray());
    catalog.write(0); // fields
    return sealed(revision, catalog.toByteArray(), frame, frame);
  }

  private static byte[] sealed(long revision, byte[] catalog, byte[]... frames) throws Exception {
    int headerEnd = 100 + catalog.length;
    int end = headerEnd + Arrays.stream(frames).mapToInt(frame -> frame.length).sum();
    ByteBuffer value = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
    value
        .putInt(0x184D2A5E)
        .putInt(headerEnd - 8)
        .put("SATCHEL\0".getBytes(StandardCharsets.UTF_8));
    value.put((byte) 1); // the major version
    value.putLong(52, revision).putLong(60, Instant.now().toEpochMilli());
    value.put(100, catalog);
    value.position(headerEnd);
    for (byte[] frame : frames) {
      value.put(frame);
    }
    value.put(68, sha256(value.array(), 100, headerEnd));
    value.put(20, sha256(value.array(), 52, headerEnd));
    return value.array();
  }

  private static byte[] sha256(byte[] bytes, int from, int to) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(bytes, from, to - from);
    return digest.digest();
  }

  private static void u32(ByteArrayOutputStream out, int number) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
  }

  private static void text(ByteArrayOutputStream out, String text) {
    out.write(text.length());
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Metadata that fit this value, made from those of another. */
  static JsonObject metadata(JsonObject like, long revision, Buffer value) {
    return like.copy()
        .put("revision", revision)
        .put("sha256", Digests.sha256(value.getBytes()))
        .put("bytes", value.length());
  }
}
