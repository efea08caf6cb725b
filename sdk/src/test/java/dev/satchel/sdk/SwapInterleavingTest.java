package dev.satchel.sdk;

import static dev.satchel.sdk.Interleavings.check;
import static dev.satchel.sdk.Interleavings.exploreOwn;
import static dev.satchel.sdk.Interleavings.join;
import static dev.satchel.sdk.Interleavings.start;

import dev.satchel.snapshot.Field;
import dev.satchel.snapshot.Snapshot;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What lookups and handles are promised, in hundreds of interleavings with a swap of views. */
@Tag("interleaving")
final class SwapInterleavingTest {
  private final Snapshot one = snapshot(1);
  private final Snapshot two = snapshot(2);

  @Test
  void aLookupDuringASwapAnswersFromTheOldOrTheNewRevisionAndNeverGoesBack() {
    exploreOwn(
        () -> {
          var names = new FieldNames();
          var current = new CurrentView();
          var handle = handle(current, names, "n");
          current.set(new ConfigView(one, names, new Binder(null)));
          Thread swap = start(() -> current.set(new ConfigView(two, names, new Binder(null))));

          long first = value(handle);
          ConfigView view = current.get();
          long named = value(view.field("m"));
          long second = value(handle);

          join(swap);
          check(first == 1 || first == 2, "expected revision 1 or 2");
          check(named == view.revision(), "expected all of a view to be of its revision");
          check(first <= named && named <= second, "expected no step back");
          check(value(handle) == 2, "expected the new revision after the swap");
        });
  }

  @Test
  void handlesThatAreMadeAtOnceBothFindTheirFieldsInAViewThatWasThereBefore() {
    exploreOwn(
        () -> {
          var names = new FieldNames();
          var current = new CurrentView();
          current.set(new ConfigView(one, names, new Binder(null)));
          long[] m = new long[1];
          Thread other = start(() -> m[0] = value(handle(current, names, "m")));

          long n = value(handle(current, names, "n"));

          join(other);
          check(n == 1 && m[0] == 1, "expected both fields to be found");
        });
  }

  @Test
  void aHandleThatIsMadeDuringASwapFindsItsFieldInBothRevisions() {
    exploreOwn(
        () -> {
          var names = new FieldNames();
          var current = new CurrentView();
          handle(current, names, "n");
          current.set(new ConfigView(one, names, new Binder(null)));
          Thread swap = start(() -> current.set(new ConfigView(two, names, new Binder(null))));

          var handle = handle(current, names, "m");
          long first = value(handle);

          join(swap);
          check(first == 1 || first == 2, "expected revision 1 or 2");
          check(value(handle) == 2, "expected the new revision after the swap");
        });
  }

  private static LongField handle(CurrentView current, FieldNames names, String name) {
    return new LongField(current, name, names.numberOf(name, FieldType.LONG.bit()));
  }

  /** What a lookup does once it has its user; Lincheck cannot follow it to the user. */
  private static long value(FieldHandle handle) {
    return value(handle.in(handle.view()));
  }

  private static long value(@Nullable Field field) {
    return field == null ? -1 : field.longAt(0, -1);
  }

  /** With its fields opened, which is no part of what is explored. */
  private static Snapshot snapshot(long revision) {
    var users = Map.of("alice", Map.of("n", revision, "m", revision));
    var snapshot = Snapshot.open(Publication.of(revision, users).value().clone());
    snapshot.fieldNames().forEach(name -> Objects.requireNonNull(snapshot.field(name)));
    return snapshot;
  }
}
