package dev.satchel.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * A form of text that stands for a number of up to 128 bits, with exactly one text for each number.
 */
sealed interface TextForm permits IdText, RadixText {

  /**
   * Looks a text up as the number it stands for. Allocates nothing.
   *
   * @param next goes on to {@link NumberSearch#find}
   */
  int find(String text, NumberSearch ids, @Nullable Column next);

  /**
   * Returns the upper and the lower word of a text's number; null if the text is not of this form.
   */
  long @Nullable [] parse(String text);

  /** Returns the text of a number; any text if none stands for the number. */
  String text(long high, long low);

  /** Writes the codec's name and all that {@link IdReader} needs to make this form again. */
  void describe(ByteWriter out);

  /** Returns whether these are the texts of UUIDs, each with its own number. */
  default boolean isUuid() {
    return false;
  }
}
