package dev.satchel.publisher.source;

import java.util.List;

/**
 * What a finished read has delivered.
 *
 * @param users how many
 * @param fields the names of their fields, in order
 * @param nanos how long the read took, including connecting
 */
public record ReadSummary(long users, List<String> fields, long nanos) {}
