package dev.satchel.sdk;

import dev.satchel.sdk.ClientStatus.Fetched;
import dev.satchel.sdk.RefreshReport.Outcome;
import dev.satchel.snapshot.Snapshot;
import dev.satchel.snapshot.SnapshotDiff;
import dev.satchel.snapshot.SnapshotEncoder;
import dev.satchel.snapshot.UserChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an application's listeners what happens in its client: one after the other, on a thread of
 * their own. If one throws, the others are still called. Safe for any thread.
 *
 * <p>Each listener remembers what it saw last and learns what is different now. So a listener
 * slower than the revisions gets two of them as one change, instead of a queue that keeps a
 * snapshot in memory for each.
 */
final class ClientListeners {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLog.NAME);
  private static final String THREAD_NAME = "satchel-listeners";
  private static final Duration IDLE = Duration.ofSeconds(10);

  /**
   * What a listener sees before the first snapshot, once one has asked. Not made when the class is
   * loaded: that would take time at the start, and would fail for good if the heap is full.
   */
  private static volatile @Nullable Snapshot noUsers;

  private final Supplier<ConfigView> view;
  private final Supplier<ClientStatus> status;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final List<Told> told = new CopyOnWriteArrayList<>();
  private final AtomicBoolean waking = new AtomicBoolean();
  private final CompletableFuture<Void> quiet = new CompletableFuture<>();
  private final ExecutorService thread;

  ClientListeners(Supplier<ConfigView> view, Supplier<ClientStatus> status) {
    this(view, status, oneThread());
  }

  /** Uses this executor, which runs one task at a time and none once it is shut down. */
  ClientListeners(
      Supplier<ConfigView> view, Supplier<ClientStatus> status, ExecutorService thread) {
    this.view = view;
    this.status = status;
    this.thread = thread;
  }

  private static ExecutorService oneThread() {
    var thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread made = new Thread(task, THREAD_NAME);
              made.setDaemon(true); // a forgotten client must not keep its application from ending
              return made;
            },
            new ThreadPoolExecutor.DiscardPolicy()); // after close
    thread.allowCoreThreadTimeOut(true);
    return thread;
  }

  /** Returns whether this is a thread on which some client calls listeners. */
  static boolean isListenersThread(Thread thread) {
    return thread.getName().equals(THREAD_NAME);
  }

  Registration onChange(Consumer<SnapshotDiff> listener) {
    return add(new OfChanges(listener));
  }

  Registration onUserChange(String userId, Consumer<UserChange> listener) {
    return onChange(diff -> diff.user(userId).ifPresent(listener));
  }

  Registration onFieldChange(String field, Consumer<SnapshotDiff> listener) {
    return onChange(
        diff -> {
          if (diff.changedFields().contains(field)) {
            listener.accept(diff);
          }
        });
  }

  Registration onStatus(Consumer<ClientStatus> listener) {
    return add(new OfStates(listener));
  }

  Registration onRefresh(Consumer<RefreshReport> listener) {
    var entry = new Told(listener);
    told.add(entry);
    return () -> told.remove(entry);
  }

  private Registration add(Listener listener) {
    listeners.add(listener);
    wake(); // for what has happened since its first look
    return () -> listeners.remove(listener);
  }

  /** Makes the listeners' thread look for a new view or state. */
  void wake() {
    if (!listeners.isEmpty() && waking.compareAndSet(false, true)) {
      try {
        thread.execute(this::look);
      } catch (VirtualMachineError e) { // the next time there may be memory for it
        waking.set(false);
        throw e;
      }
    }
  }

  private void look() {
    waking.set(false); // before looking: a change from here on wakes again
    // first looks come before the round's, so that it knows no less than the listeners
    List<Listener> there = List.copyOf(listeners);
    var round = new Round(view.get(), status.get());
    there.forEach(listener -> tell(() -> listener.look(round)));
  }

  /** Notes that an attempt has ended and that its result is in use. */
  void attempted(Outcome outcome, Duration took, Fetched fetched, long fetchedBytes) {
    wake();
    if (!told.isEmpty()) {
      var report = new RefreshReport(outcome, took, status.get(), fetched, fetchedBytes);
      thread.execute(() -> told.forEach(entry -> tell(() -> entry.look(report))));
    }
  }

  /** Stops calling listeners; completes when no listener is being called any more. Idempotent. */
  CompletableFuture<Void> close() {
    listeners.clear();
    told.clear();
    thread.execute(() -> quiet.complete(null)); // after the call that may be under way
    thread.shutdown();
    return quiet;
  }

  private static Snapshot noUsers() {
    Snapshot known = noUsers;
    if (known == null) {
      known = Snapshot.open(new SnapshotEncoder(List.of()).encode(1, Instant.EPOCH));
      noUsers = known;
    }
    return known;
  }

  private static void tell(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.warn("a listener failed; the others are still called", e);
    }
  }

  /** A listener to attempts, compared by identity. */
  private final class Told {
    private final Consumer<RefreshReport> listener;

    Told(Consumer<RefreshReport> listener) {
      this.listener = listener;
    }

    void look(RefreshReport report) {
      if (told.contains(this)) {
        listener.accept(report);
      }
    }
  }

  private interface Listener {
    void look(Round round);
  }

  /**
   * What is in use now, with a diff to it that is made once for all listeners that saw the same
   * before.
   */
  private static final class Round {
    private final ConfigView view;
    private final ClientStatus status;
    private @Nullable SnapshotDiff latest;

    Round(ConfigView view, ClientStatus status) {
      this.view = view;
      this.status = status;
    }

    SnapshotDiff since(ConfigView seen) {
      Snapshot before = snapshot(seen);
      SnapshotDiff known = latest;
      if (known == null || known.before() != before) {
        known = SnapshotDiff.between(before, snapshot(view));
        latest = known;
      }
      return known;
    }

    private static Snapshot snapshot(ConfigView view) {
      Snapshot snapshot = view.snapshot();
      return snapshot == null ? noUsers() : snapshot;
    }
  }

  private final class OfChanges implements Listener {
    private final Consumer<SnapshotDiff> listener;
    private volatile ConfigView seen = view.get();

    OfChanges(Consumer<SnapshotDiff> listener) {
      this.listener = listener;
    }

    @Override
    public void look(Round round) {
      if (round.view != seen && listeners.contains(this)) {
        SnapshotDiff diff = round.since(seen);
        seen = round.view;
        if (!diff.isEmpty()) {
          listener.accept(diff);
        }
      }
    }
  }

  private final class OfStates implements Listener {
    private final Consumer<ClientStatus> listener;
    private volatile ClientStatus.State seen = status.get().state();

    OfStates(Consumer<ClientStatus> listener) {
      this.listener = listener;
    }

    @Override
    public void look(Round round) {
      if (round.status.state() != seen && listeners.contains(this)) {
        seen = round.status.state();
        listener.accept(round.status);
      }
    }
  }
}
