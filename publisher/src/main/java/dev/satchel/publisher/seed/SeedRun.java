package dev.satchel.publisher.seed;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Inserts synthetic users batch by batch; a worker makes one batch while the one before is stored.
 */
final class SeedRun {
  private static final int BATCH_USERS = 5_000;

  private final Vertx vertx;
  private final PreparedStatement insert;
  private final List<SeedColumn> columns;
  private final int users;
  private final LongConsumer progress;
  private final SyntheticUsers synthetic = new SyntheticUsers();
  private final Promise<Void> done = Promise.promise();

  SeedRun(
      Vertx vertx,
      PreparedStatement insert,
      List<SeedColumn> columns,
      int users,
      LongConsumer progress) {
    this.vertx = vertx;
    this.insert = insert;
    this.columns = columns;
    this.users = users;
    this.progress = progress;
  }

  /** Returns the statement that a run prepares: each column of values is one array. */
  static String sql(String table, List<SeedColumn> columns) {
    String names = joined(columns.stream().map(SeedColumn::column).toList());
    String selected =
        joined(columns.stream().map(c -> "u." + c.column() + "::" + c.type()).toList());
    String arrays =
        joined(
            IntStream.range(0, columns.size())
                .mapToObj(i -> "$" + (i + 2) + "::" + columns.get(i).wireType() + "[]")
                .toList());
    return "INSERT INTO %s (id, %s) SELECT u.id, %s FROM unnest($1::uuid[], %s) AS u(id, %s)"
        .formatted(table, names, selected, arrays, names);
  }

  Future<Void> run() {
    store(0, Future.succeededFuture());
    return done.future();
  }

  private void store(int stored, Future<Void> inserted) {
    int count = Math.min(BATCH_USERS, users - stored);
    Future<@Nullable Tuple> made =
        count == 0 ? Future.succeededFuture(null) : vertx.executeBlocking(() -> batch(count));
    Future.all(inserted, made)
        .onComplete(
            both -> {
              progress.accept(stored);
              Tuple batch = made.result();
              if (batch == null) {
                done.complete();
              } else {
                store(stored + count, insert.query().execute(batch).mapEmpty());
              }
            },
            done::fail);
  }

  private Tuple batch(int count) {
    UUID[] ids = new UUID[count];
    List<Object[]> arrays = columns.stream().map(column -> column.array(count)).toList();
    @Nullable Object[] values = new @Nullable Object[Profile.RICH.fields().size()];
    for (int row = 0; row < count; row++) {
      ids[row] = synthetic.next(values);
      for (int i = 0; i < arrays.size(); i++) {
        SeedColumn column = columns.get(i);
        arrays.get(i)[row] = column.sent(Objects.requireNonNull(values[column.index()]));
      }
    }
    Tuple batch = Tuple.tuple().addArrayOfUUID(ids);
    arrays.forEach(batch::addValue);
    return batch;
  }

  private static String joined(List<String> parts) {
    return parts.stream().collect(Collectors.joining(", "));
  }
}
