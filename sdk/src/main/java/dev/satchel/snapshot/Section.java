package dev.satchel.snapshot;

/**
 * One column of a snapshot, as {@code satchel inspect} prints it.
 *
 * @param name the field's name, or {@code user ids}
 * @param codec the name of how its values are laid out
 * @param valueBytes how many bytes it has in the snapshot
 * @param openedBytes how many bytes it has once decompressed. An opened column keeps these, plus
 *     running totals for lengths and counts, and the objects of a few values
 */
public record Section(String name, String codec, long valueBytes, long openedBytes) {}
