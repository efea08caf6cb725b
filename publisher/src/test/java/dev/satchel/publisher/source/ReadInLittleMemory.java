package dev.satchel.publisher.source;

import dev.satchel.publisher.Waiting;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A program that reads all users of a query and keeps none. */
final class ReadInLittleMemory {
  private ReadInLittleMemory() {}

  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx();
    var settings = DatabaseSettings.fromEnv(System.getenv(), new ArrayList<>()).orElseThrow();
    var source = new PostgresSource(vertx, settings, arguments[0], Duration.ofSeconds(30));
    Waiting.await(source.read(new Nobody()));
    System.out.println("read all");
    Waiting.await(vertx.close());
  }

  private static final class Nobody implements UserSink {
    @Override
    public void fields(List<String> names) {}

    @Override
    public void user(Object id, @Nullable Object[] values, int[] numbers) {}
  }
}
