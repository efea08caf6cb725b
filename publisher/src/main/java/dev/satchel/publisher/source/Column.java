package dev.satchel.publisher.source;

/**
 * A column of the query's result that is read.
 *
 * @param number among all columns of the query, from 0
 * @param name as the query names it
 * @param type how it is carried
 */
record Column(int number, String name, ColumnType type) {
  /** Returns what stands for the column in our own queries, whatever its name. */
  static String alias(int number) {
    return "c" + number;
  }

  /** Returns the SQL that selects it. */
  String select() {
    return type.select("q." + alias(number));
  }
}
