package dev.satchel.snapshot;

import org.jspecify.annotations.Nullable;

/** A form of text that stands for a number of up to 128 bits, exactly one text for a number. */
sealed interface TextForm permits IdText, RadixText {

  /** Looks a text up as the number it stands for. Allocates nothing. */
  int find(String text, NumberSearch ids);

  /** The upper and the lower word of a text's number; null if it is not of this form. */
  long @Nullable [] parse(String text);

  /** The text of a number; of one that no text stands for, any. */
  String text(long high, long low);

  /** Writes the codec's name and all that {@link IdReader} needs to make this form again. */
  void describe(ByteWriter out);

  /** Whether these are the texts of UUIDs, each with its own number. */
  default boolean isUuid() {
    return false;
  }
}
