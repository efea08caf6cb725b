package dev.satchel.publisher.source;

/**
 * A column of the query's result.
 *
 * @param name as the query names it
 * @param type how it is carried
 */
record Column(String name, ColumnType type) {}
