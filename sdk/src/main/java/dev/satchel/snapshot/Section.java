package dev.satchel.snapshot;

/**
 * One column of a snapshot, as {@code satchel inspect} prints it.
 *
 * @param name the field's name, or {@code user ids}
 * @param codec how its values are laid out
 * @param valueBytes bytes in the value
 * @param openedBytes bytes of what is stored, once decompressed: what an opened column keeps, but
 *     for the running totals beside lengths and counts, and the objects of a few values
 */
public record Section(String name, String codec, long valueBytes, long openedBytes) {}
