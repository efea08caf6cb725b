package dev.satchel.snapshot;

import java.util.ArrayList;
import java.util.List;

/**
 * Opens the user ids from their section. Users are numbered in the order of what is stored.
 *
 * <pre>
 * codec         descriptor after the codec's name
 * uuids         numeric ids
 * integers      i64 smallest id, which is subtracted from each; numeric ids over the 64 low bits
 * text numbers  u8 {@link IdText.Kind}; text prefix; u8 digits (0: any); numeric ids
 * text radix    u8 runs; for each varint places, text characters: {@link RadixText.Run}; numeric ids
 * texts         i64 key; u8 bucket bits; child column of texts; counts are in frames before it
 *
 * numeric ids   i64 fixed high; i64 fixed low; i64 varying high; i64 varying low: bits of the id
 *               u8 1 if mixed; i64 key of the mix; u8 bucket bits
 *               in frames: a byte for each of 2^(bucket bits) buckets, how many ids are in it;
 *               a byte for each user, the upper 1 to 8 of the bits below the bucket's;
 *               for each user the whole bytes of those that are left, low byte first
 * </pre>
 *
 * An id has 128 bits. Those that vary, from the top, make a number: see {@link IdBits}. The
 * number's upper bits are the bucket. No bucket has more than {@link Buckets#LONGEST} ids, and all
 * buckets together have as many as there are users. {@link HashedIds} says which bucket a text is
 * in.
 */
final class IdReader {
  private final Frames frames;
  private final int users;

  IdReader(Frames frames, int users) {
    this.frames = frames;
    this.users = users;
  }

  UserIds read(ByteReader in) {
    String codec = in.text("a codec's name");
    UserIds ids =
        switch (codec) {
          case "uuids" -> {
            NumericIds numbers = numeric(in);
            yield RandomUuids.are(numbers) ? new RandomUuids(numbers) : new UserIds.Uuids(numbers);
          }
          case "integers" -> {
            long smallest = in.i64("the smallest id");
            yield new UserIds.Integers(numeric(in), smallest);
          }
          case "text numbers" -> {
            int kind = in.u8("a kind of digits");
            if (kind >= IdText.CODES.size()) {
              throw in.bad("a kind of digits below " + IdText.CODES.size(), kind);
            }
            String prefix = in.text("a prefix");
            int digits = in.u8("a count of digits");
            IdText form = new IdText(IdText.CODES.get(kind), prefix, digits);
            if (!form.isSound()) {
              throw in.bad("digits that the kind has", digits);
            }
            yield new UserIds.Numbered(numeric(in), form);
          }
          case "text radix" -> {
            RadixText form = radixText(in);
            yield new UserIds.Numbered(numeric(in), form);
          }
          case "texts" -> hashed(in);
          default -> throw in.bad("a codec that this reader knows", codec);
        };
    in.end();
    frames.end();
    return ids;
  }

  private static RadixText radixText(ByteReader in) {
    List<RadixText.Run> runs = new ArrayList<>();
    int count = in.u8("a count of runs");
    for (int i = 0; i < count; i++) {
      int places = in.varintCount("places", RadixText.MAX_LENGTH);
      runs.add(new RadixText.Run(in.text("characters"), places));
    }
    RadixText form = RadixText.of(runs);
    if (form == null) {
      throw in.bad("runs of characters in order, together at most 2^128 texts", runs.size());
    }
    return form;
  }

  private NumericIds numeric(ByteReader in) {
    long fixedHigh = in.i64("fixed bits");
    long fixedLow = in.i64("fixed bits");
    long varyingHigh = in.i64("varying bits");
    long varyingLow = in.i64("varying bits");
    boolean mixed = in.u8("a mark of the mix") == 1;
    long key = in.i64("the key of the mix");
    if (IdBits.runCount(varyingHigh, varyingLow) > IdBits.MAX_RUNS) {
      throw in.bad("at most " + IdBits.MAX_RUNS + " runs of varying bits", "more");
    }
    IdBits bits = new IdBits(fixedHigh, fixedLow, varyingHigh, varyingLow, mixed, key);
    int bucketBits = bucketBits(in, bits.width);
    int lowBits = bits.width - bucketBits;
    byte[] counts = counts(bucketBits);
    byte[] prints = frames.read(users, NumericIds.PRINT_PADDING);
    Blocks blocks = Blocks.of(counts, prints, longest(lowBits), users, "user ids");
    int entrySize = NumericIds.entryBytes(lowBits);
    byte[] entries =
        frames.read((long) users * entrySize, NumericIds.ENTRY_PADDING, entrySize * Byte.SIZE);
    return new NumericIds(bits, bucketBits, blocks, entries);
  }

  private UserIds hashed(ByteReader in) {
    long key = in.i64("the key of the hash");
    int bucketBits = bucketBits(in, Long.SIZE);
    byte[] counts = counts(bucketBits);
    Buckets buckets = Buckets.of(counts, longest(Long.SIZE), users, "user ids");
    Column texts =
        new ColumnReader(frames, "user ids", number -> null, SnapshotLayout.objectBytes(0))
            .read(in, users);
    List<Run> runs = frames.runs();
    return new HashedIds(buckets, bucketBits, key, texts, runs.subList(1, runs.size()));
  }

  private int bucketBits(ByteReader in, int width) {
    int bucketBits = in.u8("bucket bits");
    int most = Math.min(Buckets.mostBits(users), width);
    if (bucketBits > most) {
      throw in.bad("bucket bits of at most " + most, bucketBits);
    }
    return bucketBits;
  }

  /** Reads how many ids each bucket has. */
  private byte[] counts(int bucketBits) {
    frames.setRows(Run.NO_ROWS);
    byte[] counts = frames.read(1 << bucketBits, 0);
    frames.setRows(Run.USERS);
    return counts;
  }

  /**
   * Returns the most ids of a bucket. Those of one bucket differ in the bits below the bucket's, so
   * these limit it as well.
   */
  private static int longest(int lowBits) {
    return Math.min(Buckets.LONGEST, 1 << Math.min(lowBits, 30));
  }
}
