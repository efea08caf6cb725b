package dev.satchel.snapshot;

import java.util.Objects;
import java.util.UUID;
import java.util.function.IntFunction;

/**
 * Chooses how user ids are written; the other side of {@link IdReader}.
 *
 * <p>Ids that are numbers, and texts that stand for numbers, are written by {@link
 * NumericIdWriter}; all other texts by {@link HashedIdWriter}.
 */
final class IdWriter {
  private IdWriter() {}

  /** Writes UUIDs given as their upper and lower words. The lists are empty afterwards. */
  static WrittenIds uuids(LongList high, LongList low) {
    ByteWriter descriptor = new ByteWriter();
    descriptor.text("uuids");
    return NumericIdWriter.write(descriptor, high, low, UUID::new);
  }

  /** Writes whole numbers. The list is empty afterwards. */
  static WrittenIds integers(LongList values) {
    long smallest = values.size() == 0 ? 0 : Long.MAX_VALUE;
    for (int i = 0; i < values.size(); i++) {
      smallest = Math.min(smallest, values.get(i));
    }
    long base = smallest;
    for (int i = 0; i < values.size(); i++) {
      values.set(i, values.get(i) - base);
    }
    ByteWriter descriptor = new ByteWriter();
    descriptor.text("integers");
    descriptor.i64(base);
    return NumericIdWriter.write(descriptor, LongList.zeros(), values, (high, low) -> low + base);
  }

  /** Writes texts, as numbers where all have one form that makes them smaller. */
  static WrittenIds texts(int users, IntFunction<String> texts) {
    TextForm form = TextForms.of(users, texts);
    if (form == null) {
      return HashedIdWriter.write(users, texts);
    }
    ByteWriter descriptor = new ByteWriter();
    form.describe(descriptor);
    LongList high = new LongList();
    LongList low = new LongList();
    for (int i = 0; i < users; i++) {
      long[] words = Objects.requireNonNull(form.parse(texts.apply(i)));
      high.add(words[0]);
      low.add(words[1]);
    }
    return NumericIdWriter.write(descriptor, high, low, form::text);
  }
}
