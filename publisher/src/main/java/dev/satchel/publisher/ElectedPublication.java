package dev.satchel.publisher;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** A publication that runs only while this process has the right to write. */
record ElectedPublication(Supplier<Future<Void>> election, Publication elected)
    implements Publication {

  @Override
  public Future<? extends Report> publish() {
    return election.get().compose(taken -> elected.publish());
  }
}
