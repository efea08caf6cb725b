package dev.satchel.snapshot;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Puts the user ids in their order and writes them; the other side of {@link IdReader}. */
final class IdWriter {
  /**
   * Mixes tried until no bucket is too long; the first is enough unless ids are made by an oracle.
   */
  private static final int MAX_TRIES = 16;

  /** Tried first, so that most snapshots of the same texts are in the same order. */
  static final long FIRST_HASH_KEY = 0x5A7C4E1L;

  /** Texts of which it is tried how small they become, to twice as many. */
  private static final int SAMPLE = 4096;

  private final FrameWriter frames = new FrameWriter();
  private final ByteWriter descriptor = new ByteWriter();
  private final int[] order;

  private IdWriter(int users) {
    order = new int[users];
  }

  FrameWriter frames() {
    return frames;
  }

  ByteWriter descriptor() {
    return descriptor;
  }

  /** The user numbers of the snapshot, as the places of the ids that were given. */
  int[] order() {
    return order;
  }

  static IdWriter uuids(LongList high, LongList low) {
    IdWriter ids = new IdWriter(low.size());
    ids.descriptor.text("uuids");
    ids.writeNumeric(high, low, UUID::new);
    return ids;
  }

  static IdWriter integers(LongList values) {
    long smallest = values.size() == 0 ? 0 : Long.MAX_VALUE;
    for (int i = 0; i < values.size(); i++) {
      smallest = Math.min(smallest, values.get(i));
    }
    long base = smallest;
    for (int i = 0; i < values.size(); i++) {
      values.set(i, values.get(i) - base);
    }
    IdWriter ids = new IdWriter(values.size());
    ids.descriptor.text("integers");
    ids.descriptor.i64(base);
    ids.writeNumeric(LongList.zeros(), values, (idHigh, idLow) -> idLow + base);
    return ids;
  }

  static IdWriter texts(int users, IntFunction<String> texts) {
    IdWriter ids = new IdWriter(users);
    IdText form = users == 0 ? null : formOf(users, texts);
    if (form != null) {
      ids.descriptor.text("text numbers");
      ids.descriptor.u8(IdText.CODES.indexOf(form.kind()));
      ids.descriptor.text(form.prefix());
      ids.descriptor.u8(form.digits());
      ids.writeNumbers(form, texts);
      return ids;
    }
    RadixText radix = users == 0 ? null : RadixText.of(users, texts);
    if (radix != null && ids.isSmallerThanText(radix, texts)) {
      ids.descriptor.text("text radix");
      ids.descriptor.u8(radix.runs().size());
      for (RadixText.Run run : radix.runs()) {
        ids.descriptor.varint(run.places());
        ids.descriptor.text(run.characters());
      }
      ids.writeNumbers(radix, texts);
      return ids;
    }
    ids.writeHashed(texts);
    return ids;
  }

  private void writeNumbers(TextForm form, IntFunction<String> texts) {
    LongList high = new LongList();
    LongList low = new LongList();
    for (int i = 0; i < order.length; i++) {
      long[] words = Objects.requireNonNull(form.parse(texts.apply(i)));
      high.add(words[0]);
      low.add(words[1]);
    }
    writeNumeric(high, low, form::text);
  }

  /**
   * Whether numbers are smaller than texts of which a part may repeat, by a sample that does not
   * depend on the order of the users.
   */
  private boolean isSmallerThanText(RadixText form, IntFunction<String> texts) {
    int users = order.length;
    long mask = Long.highestOneBit(Math.max(users / SAMPLE, 1)) - 1;
    var sample = new TreeMap<Long, String>(); // by hash, as texts are stored
    for (int i = 0; i < users; i++) {
      String text = texts.apply(i);
      long hash = HashedIds.hash(text, FIRST_HASH_KEY);
      if ((hash & mask) == 0) {
        sample.merge(hash, text, (one, other) -> one.compareTo(other) < 0 ? one : other);
      }
    }
    var values = new ValueBuffer();
    sample.values().forEach(values::add);
    var written = new FrameWriter();
    var column = new ColumnWriter(written, List.of(), SnapshotLayout.objectBytes(0));
    long bytes = column.write(values.rows()).length() + written.storedBytes();
    int width = form.bits();
    int bits = width - NumericIds.bucketBits(users, width);
    return bits * (long) sample.size() <= Byte.SIZE * bytes;
  }

  /** The form that every text has; null if there is none. */
  private static @Nullable IdText formOf(int users, IntFunction<String> texts) {
    String prefix = texts.apply(0);
    for (int i = 1; i < users; i++) {
      String text = texts.apply(i);
      int same = 0;
      while (same < Math.min(prefix.length(), text.length())
          && prefix.charAt(same) == text.charAt(same)) {
        same++;
      }
      prefix = prefix.substring(0, same);
    }
    String first = texts.apply(0);
    for (IdText form : candidates(first, prefix)) {
      boolean all = form.isSound();
      for (int i = 0; i < users && all; i++) {
        all = form.parse(texts.apply(i)) != null;
      }
      if (all) {
        return form;
      }
    }
    return null;
  }

  private static List<IdText> candidates(String first, String prefix) {
    List<IdText> forms = new ArrayList<>();
    int uuidAt = first.length() - 36;
    if (uuidAt >= 0 && uuidAt <= prefix.length()) {
      forms.add(new IdText(IdText.Kind.LOWER_UUID, first.substring(0, uuidAt), 36));
    }
    // digits that all share belong to the number, not to the prefix
    int decimalAt = prefix.length();
    while (decimalAt > 0 && Character.digit(prefix.charAt(decimalAt - 1), 10) >= 0) {
      decimalAt--;
    }
    String decimalPrefix = prefix.substring(0, decimalAt);
    forms.add(new IdText(IdText.Kind.DECIMAL, decimalPrefix, 0));
    int fixed = first.length() - decimalAt;
    if (fixed >= 1 && fixed <= IdText.Kind.DECIMAL.mostDigits) {
      forms.add(new IdText(IdText.Kind.DECIMAL, decimalPrefix, fixed));
    }
    int hexAt = Math.max(0, first.length() - IdText.Kind.LOWER_HEX.mostDigits);
    while (hexAt < first.length() && Character.digit(first.charAt(hexAt), 16) < 0) {
      hexAt++;
    }
    int lastOther = first.length() - 1;
    while (lastOther >= hexAt && Character.digit(first.charAt(lastOther), 16) >= 0) {
      lastOther--;
    }
    hexAt = Math.max(hexAt, lastOther + 1);
    if (hexAt <= prefix.length() && hexAt < first.length()) {
      forms.add(
          new IdText(IdText.Kind.LOWER_HEX, first.substring(0, hexAt), first.length() - hexAt));
    }
    return forms;
  }

  /** The id that two words stand for. */
  private interface Name {
    Object of(long high, long low);
  }

  /** Writes ids of two words, which are replaced by the numbers that stand for them. */
  private void writeNumeric(LongList high, LongList low, Name name) {
    int users = order.length;
    IdBits bits = varyingBits(high, low);
    int bucketBits = NumericIds.bucketBits(users, bits.width);
    byte[] counts = counts(high, low, bits, bucketBits);
    for (int attempt = 0; counts.length == 0; attempt++) {
      if (attempt == MAX_TRIES) {
        refuseDuplicates(i -> name.of(high.get(i), low.get(i)));
        throw new AssertionError("no mix keeps " + users + " ids apart");
      }
      bits = bits.mixedWith(keyOf(high, low, attempt));
      counts = counts(high, low, bits, bucketBits);
    }
    for (int i = 0; i < users; i++) {
      long numberHigh = bits.high(high.get(i), low.get(i));
      long numberLow = bits.low(high.get(i), low.get(i));
      high.set(i, numberHigh);
      low.set(i, numberLow);
    }
    int lowBits = bits.width - bucketBits;
    sort(high, low, lowBits, counts);
    refuseEqual(high, low, bits, name);
    descriptor.i64(bits.fixedHigh);
    descriptor.i64(bits.fixedLow);
    descriptor.i64(bits.varyingHigh);
    descriptor.i64(bits.varyingLow);
    descriptor.u8(bits.mixed ? 1 : 0);
    descriptor.i64(bits.key);
    descriptor.u8(bucketBits);
    frames.write(counts, FrameWriter.PLAIN_LEVEL);
    writePrints(high, low, lowBits);
    writeEntries(high, low, NumericIds.entryBytes(lowBits));
  }

  private IdBits varyingBits(LongList high, LongList low) {
    int users = order.length;
    long firstHigh = users == 0 ? 0 : high.get(0);
    long firstLow = users == 0 ? 0 : low.get(0);
    long varyingHigh = 0;
    long varyingLow = 0;
    for (int i = 1; i < users; i++) {
      varyingHigh |= high.get(i) ^ firstHigh;
      varyingLow |= low.get(i) ^ firstLow;
    }
    return IdBits.of(firstHigh, firstLow, varyingHigh, varyingLow);
  }

  /** How many ids each bucket has; no array at all if one has too many. */
  private byte[] counts(LongList high, LongList low, IdBits bits, int bucketBits) {
    byte[] counts = new byte[1 << bucketBits];
    int lowBits = bits.width - bucketBits;
    for (int i = 0; i < order.length; i++) {
      long idHigh = high.get(i);
      long idLow = low.get(i);
      long bucket =
          NumericIds.shiftRight(bits.high(idHigh, idLow), bits.low(idHigh, idLow), lowBits);
      if (++counts[(int) bucket] > Buckets.LONGEST) {
        return new byte[0];
      }
    }
    return counts;
  }

  /** A key that depends on every id, in whatever order they came: a digest of their sums. */
  private long keyOf(LongList highs, LongList lows, int attempt) {
    long[] sums = new long[4];
    for (int i = 0; i < order.length; i++) {
      long high = highs.get(i) * 0x9E3779B97F4A7C15L + 1;
      long low = lows.get(i) * 0xD6E8FEB86659FD93L + 1;
      long both = Long.rotateLeft(high, 32) ^ low;
      both = (both ^ (both >>> 29)) * 0xBF58476D1CE4E5B9L;
      sums[0] += both ^ (both >>> 32);
      sums[1] ^= both * high;
      sums[2] += both * low;
      sums[3] ^= Long.rotateLeft(both, 17) + high;
    }
    return digestOf(sums, attempt);
  }

  private static long digestOf(long[] sums, int attempt) {
    byte[] bytes = new byte[8 * sums.length + 4];
    for (int i = 0; i < sums.length; i++) {
      LittleEndian.putLong(bytes, 8 * i, sums[i]);
    }
    LittleEndian.putInt(bytes, 8 * sums.length, attempt);
    MessageDigest sha256 = SnapshotLayout.sha256();
    return LittleEndian.getLong(sha256.digest(bytes), 0);
  }

  /** A counting sort by bucket, then a plain one within each, which is short. */
  private void sort(LongList high, LongList low, int lowBits, byte[] counts) {
    int[] ends = new int[counts.length + 1];
    for (int bucket = 0; bucket < counts.length; bucket++) {
      ends[bucket + 1] = ends[bucket] + counts[bucket];
    }
    for (int i = 0; i < order.length; i++) {
      int bucket = (int) NumericIds.shiftRight(high.get(i), low.get(i), lowBits);
      order[ends[bucket]++] = i;
    }
    int start = 0; // each bucket now ends where its counter stands
    for (int bucket = 0; bucket < counts.length; bucket++) {
      for (int i = start + 1; i < ends[bucket]; i++) {
        int moved = order[i];
        int at = i;
        while (at > start && compare(high, low, moved, order[at - 1]) < 0) {
          order[at] = order[at - 1];
          at--;
        }
        order[at] = moved;
      }
      start = ends[bucket];
    }
  }

  private static int compare(LongList high, LongList low, int a, int b) {
    int byHigh = Long.compareUnsigned(high.get(a), high.get(b));
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low.get(a), low.get(b));
  }

  private void refuseEqual(LongList high, LongList low, IdBits bits, Name name) {
    for (int i = 1; i < order.length; i++) {
      if (compare(high, low, order[i], order[i - 1]) == 0) {
        long[] id = new long[2];
        bits.idOf(high.get(order[i]), low.get(order[i]), id);
        throw new DuplicateUserException(name.of(id[0], id[1]));
      }
    }
  }

  private void writePrints(LongList high, LongList low, int lowBits) {
    int entryBits = 8 * NumericIds.entryBytes(lowBits);
    int mask = (1 << (lowBits - entryBits)) - 1;
    byte[] prints = new byte[order.length];
    for (int i = 0; i < prints.length; i++) {
      int user = order[i];
      prints[i] = (byte) (NumericIds.shiftRight(high.get(user), low.get(user), entryBits) & mask);
    }
    frames.write(prints, FrameWriter.PLAIN_LEVEL);
  }

  private void writeEntries(LongList high, LongList low, int entryBytes) {
    byte[] entry = new byte[16];
    frames.begin(FrameWriter.PLAIN_LEVEL);
    for (int user : order) {
      LittleEndian.putLong(entry, 0, low.get(user));
      LittleEndian.putLong(entry, 8, high.get(user));
      frames.put(entry, 0, entryBytes);
    }
    frames.end();
  }

  private void writeHashed(IntFunction<String> texts) {
    int users = order.length;
    int bucketBits = HashedIds.bucketBits(users);
    long key = 0;
    byte[] counts = new byte[0];
    for (int attempt = 0; counts.length == 0; attempt++) {
      if (attempt == MAX_TRIES) {
        refuseDuplicates(texts);
        throw new AssertionError("no hash keeps " + users + " ids apart");
      }
      key = attempt == 0 ? FIRST_HASH_KEY : hashKeyOf(texts, attempt);
      counts = hashedCounts(texts, key, bucketBits);
    }
    long[] keyed = new long[users];
    long hashKey = key;
    Integer[] byHash = new Integer[users];
    for (int i = 0; i < users; i++) {
      keyed[i] = HashedIds.hash(texts.apply(i), hashKey);
      byHash[i] = i;
    }
    Arrays.sort(
        byHash,
        (a, b) -> {
          int compared = Long.compareUnsigned(keyed[a], keyed[b]);
          return compared != 0 ? compared : texts.apply(a).compareTo(texts.apply(b));
        });
    for (int i = 0; i < users; i++) {
      order[i] = byHash[i];
      if (i > 0
          && keyed[order[i]] == keyed[order[i - 1]]
          && texts.apply(order[i]).equals(texts.apply(order[i - 1]))) {
        throw new DuplicateUserException(texts.apply(order[i]));
      }
    }
    descriptor.text("texts");
    descriptor.i64(key);
    descriptor.u8(bucketBits);
    frames.write(counts, FrameWriter.PLAIN_LEVEL);
    ValueBuffer sorted = new ValueBuffer();
    for (int i : order) {
      sorted.add(texts.apply(i));
    }
    ColumnWriter column = new ColumnWriter(frames, List.of(), SnapshotLayout.objectBytes(0));
    descriptor.bytes(column.write(sorted.rows()).toByteArray());
  }

  private byte[] hashedCounts(IntFunction<String> texts, long key, int bucketBits) {
    byte[] counts = new byte[1 << bucketBits];
    for (int i = 0; i < order.length; i++) {
      if (++counts[HashedIds.bucket(HashedIds.hash(texts.apply(i), key), bucketBits)]
          > Buckets.LONGEST) {
        return new byte[0];
      }
    }
    return counts;
  }

  private long hashKeyOf(IntFunction<String> texts, int attempt) {
    long[] sums = new long[2];
    for (int i = 0; i < order.length; i++) {
      sums[0] += HashedIds.hash(texts.apply(i), 1);
      sums[1] ^= HashedIds.hash(texts.apply(i), 2);
    }
    return digestOf(sums, attempt);
  }

  /** Ids that no mix keeps apart are the same. */
  private void refuseDuplicates(IntFunction<?> ids) {
    Set<Object> known = new HashSet<>();
    for (int i = 0; i < order.length; i++) {
      if (!known.add(ids.apply(i))) {
        throw new DuplicateUserException(ids.apply(i));
      }
    }
  }
}
