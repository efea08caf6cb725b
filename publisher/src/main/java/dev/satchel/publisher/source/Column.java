package dev.satchel.publisher.source;

/**
 * One column of the query's answer.
 *
 * @param name as the query names it
 * @param type how it is carried
 */
record Column(String name, ColumnType type) {}
