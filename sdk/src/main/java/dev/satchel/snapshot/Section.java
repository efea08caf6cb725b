package dev.satchel.snapshot;

/**
 * One column of a snapshot, as {@code satchel inspect} prints it.
 *
 * @param name the field's name, or {@code user ids}
 * @param codec how its values are laid out
 * @param valueBytes bytes in the value
 * @param openedBytes bytes in memory once opened
 */
public record Section(String name, String codec, long valueBytes, long openedBytes) {}
