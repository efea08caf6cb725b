package dev.satchel.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * The change of one field of one user. Values are as {@link Field#value} returns them.
 *
 * @param field the field's name
 * @param before the earlier value, {@link Snapshot#ABSENT} if there was none
 * @param after the later value, {@link Snapshot#ABSENT} if there is none
 */
public record FieldChange(String field, @Nullable Object before, @Nullable Object after) {}
