package dev.satchel.kv.local;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The records of a {@link PairStore}'s log, as bytes. Integers are big-endian; a short before bytes
 * is their length.
 *
 * <pre>
 * put        u8 1; i32 namespace; i64 expiration; u16 key bytes; u16 metadata bytes; key; metadata;
 *            the value is what remains
 * delete     u8 2; i32 namespace; u16 length, key
 * namespace  u8 3; i32 number; u16 length, account (empty: every account); the same of id and title
 * drop       u8 4; i32 namespace
 * </pre>
 */
final class Records {
  static final int PUT_HEAD_BYTES = 17;
  static final byte[] NOTHING = {};

  private static final byte PUT = 1;
  private static final byte DELETE = 2;
  private static final byte NAMESPACE = 3;
  private static final byte DROP = 4;

  private Records() {}

  /** What a record says. */
  interface Reader {
    void put(int number, byte[] key, int metadataBytes, long expiration);

    void delete(int number, byte[] key);

    void namespace(Namespace namespace);

    void drop(int number);
  }

  /** Returns the record of a pair without its value, which follows it. */
  static byte[] putHead(int number, byte[] key, Pair pair) {
    byte[] metadata = pair.metadata() == null ? NOTHING : pair.metadata();
    return ByteBuffer.allocate(PUT_HEAD_BYTES + key.length + metadata.length)
        .put(PUT)
        .putInt(number)
        .putLong(pair.expiration())
        .putShort((short) key.length)
        .putShort((short) metadata.length)
        .put(key)
        .put(metadata)
        .array();
  }

  static byte[] delete(int number, byte[] key) {
    return ByteBuffer.allocate(7 + key.length)
        .put(DELETE)
        .putInt(number)
        .putShort((short) key.length)
        .put(key)
        .array();
  }

  static byte[] namespace(Namespace namespace) {
    byte[] account = bytes(namespace.account() == null ? "" : namespace.account());
    byte[] id = bytes(namespace.id());
    byte[] title = bytes(namespace.title());
    return ByteBuffer.allocate(11 + account.length + id.length + title.length)
        .put(NAMESPACE)
        .putInt(namespace.number())
        .putShort((short) account.length)
        .put(account)
        .putShort((short) id.length)
        .put(id)
        .putShort((short) title.length)
        .put(title)
        .array();
  }

  static byte[] drop(int number) {
    return ByteBuffer.allocate(5).put(DROP).putInt(number).array();
  }

  /** Passes what a record says to the reader. */
  static void read(ByteBuffer record, Reader reader) {
    byte kind = record.get();
    int number = record.getInt();
    switch (kind) {
      case PUT -> {
        long expiration = record.getLong();
        int keyBytes = record.getShort();
        int metadataBytes = record.getShort();
        var key = new byte[keyBytes];
        record.get(key);
        reader.put(number, key, metadataBytes, expiration);
      }
      case DELETE -> reader.delete(number, bytes(record));
      case NAMESPACE -> {
        String account = text(record);
        reader.namespace(
            new Namespace(number, account.isEmpty() ? null : account, text(record), text(record)));
      }
      case DROP -> reader.drop(number);
      default ->
          throw new IllegalStateException(
              "expected a kind of record from 1 to 4 but found " + kind);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer record) {
    var bytes = new byte[record.getShort()];
    record.get(bytes);
    return bytes;
  }

  private static String text(ByteBuffer record) {
    return new String(bytes(record), StandardCharsets.UTF_8);
  }
}
