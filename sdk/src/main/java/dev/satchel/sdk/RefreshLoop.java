package dev.satchel.sdk;

import dev.satchel.kv.Digests;
import dev.satchel.sdk.Admission.Held;
import dev.satchel.sdk.ClientStatus.State;
import dev.satchel.sdk.Intake.Fetched;
import dev.satchel.sdk.RefreshReport.Outcome;
import dev.satchel.sdk.source.AnnouncedPatch;
import dev.satchel.sdk.source.SnapshotSource;
import dev.satchel.sdk.source.SourceException;
import dev.satchel.snapshot.NativeLibrary;
import dev.satchel.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the view in use equal to what the source announces: asks, fetches, checks, opens, swaps,
 * keeps a copy, waits, again. All this is one sequence on one daemon thread; only that thread
 * changes the state. Whatever fails, the last good view stays. Calls that may hang (to the source,
 * to the disk) are made on other threads, so that this one can give them up.
 */
final class RefreshLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ClientLog.NAME);

  /** One for the announcement, one for the value. */
  private static final int REQUESTS_OF_AN_ATTEMPT = 2;

  /** The shortest time until the next look at the clock. */
  private static final long SHORTEST_UNTIL_LOOK_NANOS = 5_000_000;

  /** The longest time until then: the clock may be set, or stand still while a machine sleeps. */
  private static final Duration LONGEST_UNTIL_LOOK = Duration.ofSeconds(10);

  private final SnapshotSource source;
  private final ConfigClientOptions options;
  private final Mailbox mailbox = new Mailbox();
  private final SteadyClock clock;
  private final Serving serving;
  private final Intake intake;
  private final PatchChain patches;
  private final Fallbacks fallbacks;
  private final @Nullable DiskCopy copy;
  private final PollPace pace;
  private final RequestBudget budget;
  private final BoundedCalls sourceCalls = new BoundedCalls("satchel-source");
  private final BoundedCalls diskCalls = new BoundedCalls("satchel-disk");
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final Thread thread;

  // confined to the refresh thread
  private Held held = Held.NOTHING;
  private boolean isOpening = true;
  private boolean hasFallenBack;
  private boolean isBundleChecked;
  private final long openUntilNanos;
  private int failures;
  private boolean isFailurePassing = true;
  private Instant quietUntil = Instant.MIN;

  RefreshLoop(
      SnapshotSource source, ConfigClientOptions options, FieldNames names, CurrentView view) {
    this.source = source;
    this.options = options;
    this.clock = new SteadyClock(options.clock());
    this.serving = new Serving(source.toString(), options, clock, view);
    this.copy =
        options.copyDirectory() == null
            ? null
            : new DiskCopy(options.copyDirectory(), options.key(), source.identity());
    var admission =
        new Admission(
            source.toString(),
            names,
            options.binder(),
            options.pinnedRevision(),
            copy,
            new Signatures(options.publicKeys(), options.key()),
            options.clock());
    this.intake = new Intake(source, admission, clock);
    this.patches = new PatchChain(source.toString(), admission, new PatchCalls());
    this.fallbacks = new Fallbacks(admission, copy, options.bundle(), options.pinnedRevision());
    this.pace = new PollPace(options.pollInterval());
    this.budget = new RequestBudget(options.requestBudget(), clock.now());
    this.openUntilNanos = System.nanoTime() + options.startTimeout().toNanos();
    this.thread = new Thread(this::run, "satchel-refresh");
    thread.setDaemon(true); // a forgotten client must not keep its application from ending
  }

  ClientListeners listeners() {
    return serving.listeners();
  }

  ClientStatus status() {
    return serving.status();
  }

  /**
   * Starts the loop; called once.
   *
   * @return completes when the client is open, in the way {@link ConfigClientOptions#whenNothing}
   *     says
   */
  CompletableFuture<Void> start() {
    thread.start();
    return opened;
  }

  /** Makes an attempt now, or joins the one under way. Fails only if the loop is closed. */
  CompletableFuture<ClientStatus> refresh() {
    return mailbox.askForAttempt();
  }

  /** Makes the loop soon attempt to get what the source has now. */
  void sourceChanged() {
    mailbox.sourceChanged();
  }

  /** Stops the loop; the view in use stays. Any thread may call this. Idempotent. */
  void close() {
    mailbox.close();
    opened.completeExceptionally(Mailbox.closedException());
    sourceCalls.interrupt();
    diskCalls.interrupt();
  }

  /** Waits until no thread of the loop is left, or this time has come. */
  void awaitEnd(long untilNanos) throws InterruptedException {
    thread.join(Math.max(1, millisUntil(untilNanos)));
    sourceCalls.join(millisUntil(untilNanos));
    diskCalls.join(millisUntil(untilNanos));
  }

  private static long millisUntil(long nanos) {
    return (nanos - System.nanoTime()) / 1_000_000;
  }

  private void run() {
    try {
      NativeLibrary.load();
    } catch (IllegalStateException | VirtualMachineError e) {
      opened.completeExceptionally(e);
      mailbox.close();
      return;
    }
    try {
      while (!mailbox.isClosed()) {
        try {
          Duration pause = attempt();
          openIfSettled();
          checkBundle();
          await(mailbox::wantsAttempt, System.nanoTime() + pause.toNanos());
        } catch (VirtualMachineError | LinkageError e) {
          pauseAfter(e);
        }
      }
    } catch (InterruptedException e) {
      LOG.warn("{}: the refresh thread was interrupted; there will be no more refreshes", source);
    } finally {
      mailbox.close();
    }
  }

  /**
   * Pauses when the application has filled the heap, or a class could not be loaded for that. There
   * may be memory again later; the pause needs none.
   */
  private void pauseAfter(Error e) throws InterruptedException {
    mailbox.pauseForMemory();
    try {
      LOG.warn("{}: had to begin again: {}", source, Failures.inWords(e));
    } catch (VirtualMachineError | LinkageError again) {
      // there is no memory to say so either
    }
  }

  /**
   * Makes an attempt, if the source may be asked, and returns how long to wait before the next one.
   */
  private Duration attempt() throws InterruptedException {
    Instant begin = clock.now();
    mailbox.attemptBegins();
    Duration pause =
        begin.isBefore(quietUntil)
            ? Duration.between(begin, quietUntil)
            : budget.take(REQUESTS_OF_AN_ATTEMPT, begin);
    if (pause.isZero()) {
      pause = attemptNow();
    } else {
      serving.look();
    }
    mailbox.attemptEnded(status());
    return pause;
  }

  private Duration attemptNow() throws InterruptedException {
    long startedNanos = System.nanoTime();
    Outcome outcome;
    Throwable failure = null;
    Fetched fetched = null;
    try {
      Optional<Fetched> next = isPinnedInUse() ? nothingToAsk() : next();
      boolean isNew = next.isPresent() && next.get().held().view() != held.view();
      outcome = isNew ? Outcome.UPDATED : Outcome.UNCHANGED;
      if (next.isPresent()) {
        held = next.get().held();
        fetched = isNew ? next.get() : null;
      }
      if (fetched == null) {
        serving.agreed(held.view());
      } else {
        serving.agreed(held.view(), fetched.summary());
      }
    } catch (RuntimeException | Error e) { // whatever a source throws, the loop goes on
      if (mailbox.isClosed()) {
        return Duration.ZERO;
      }
      failure = e;
      outcome = Outcome.FAILED;
      serving.failed(Failures.inWords(e));
      if (e instanceof LinkageError) { // which no later attempt can heal
        opened.completeExceptionally(new IllegalStateException(Failures.inWords(e), e));
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);
    report(outcome, took, fetched);
    if (failure == null) {
      failures = 0;
      quietUntil = Instant.MIN;
      keepCopy(fetched);
      return pace.delay(0, random());
    }
    failures++;
    Duration asked = Failures.retryAfter(failure);
    quietUntil = asked.isZero() ? Instant.MIN : clock.now().plus(asked);
    isFailurePassing = Failures.isPassing(failure);
    if (isOpening) {
      fallBack();
    }
    // a client that is told to call less often must not call sooner
    Duration delay = pace.delay(Failures.isTooOften(failure) ? 0 : failures, random());
    return delay.compareTo(asked) > 0 ? delay : asked;
  }

  private void report(Outcome outcome, Duration took, @Nullable Fetched fetched) {
    var fetch = fetched == null ? Freshness.Fetch.NOTHING : fetched.summary();
    serving.listeners().attempted(outcome, took, fetch.kind(), fetch.bytes());
  }

  /**
   * Returns whether the pinned revision is in use: a revision never changes, so there is nothing to
   * ask for.
   */
  private boolean isPinnedInUse() {
    return options.pinnedRevision() != null && held.revision() == options.pinnedRevision();
  }

  private Optional<Fetched> nothingToAsk() {
    budget.giveBack(REQUESTS_OF_AN_ATTEMPT);
    return Optional.empty();
  }

  private Optional<Fetched> next() throws InterruptedException {
    var announced =
        intake.announced(
            within(sourceCalls, "the announcement of " + source, source::announcement), held);
    if (announced.isEmpty()) {
      budget.giveBack(1);
      return Optional.empty();
    }
    var patched = patches.follow(announced.get(), held);
    if (patched.isPresent()) {
      budget.giveBack(1); // the value was not needed
      return Optional.of(intake.patched(patched.get()));
    }
    Optional<byte[]> value;
    try {
      value = within(sourceCalls, "the value of " + source, () -> source.value(announced.get()));
    } catch (LinkageError | VirtualMachineError e) {
      intake.failed(announced.get(), e);
      throw e;
    }
    return Optional.of(intake.opened(announced.get(), value, held)); // which may be new by now
  }

  /** Fetches patches, while a request for the value stays in reserve. */
  private final class PatchCalls implements PatchChain.Fetch {
    @Override
    public boolean mayFetch() {
      return budget.take(1, options.clock().instant()).isZero();
    }

    @Override
    public Optional<byte[]> patch(long revision, AnnouncedPatch patch) throws InterruptedException {
      return within(sourceCalls, "a patch of " + source, () -> source.patch(revision, patch));
    }

    @Override
    public boolean isClosed() {
      return mailbox.isClosed();
    }
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  /**
   * Keeps what was fetched for the next start, or notes that the source still confirms the copy.
   */
  private void keepCopy(@Nullable Fetched fetched) throws InterruptedException {
    DiskCopy target = copy;
    if (target == null || diskCalls.isUnderWay()) {
      return;
    }
    Instant now = clock.timeOfDay();
    Held kept = held;
    try {
      within(
          diskCalls,
          "a copy",
          () -> {
            if (fetched == null) {
              target.mark(now);
            } else {
              keepCopy(target, kept, fetched.value(), now);
            }
            return "kept";
          });
    } catch (RuntimeException e) {
      LOG.debug("{}: no copy was kept", source, e); // its failures are logged where they happen
    }
  }

  private void keepCopy(DiskCopy target, Held kept, byte @Nullable [] value, Instant now) {
    Snapshot patched = kept.view().snapshot();
    if (value != null) {
      target.keep(kept.revision(), sha256(kept, value), value, now);
    } else if (patched != null) {
      target.keepPatched(patched, kept.sha256(), now);
    }
  }

  /**
   * Returns the digest of the value; for a signed value only the announced one was known so far.
   */
  private String sha256(Held kept, byte[] fetched) {
    return options.publicKeys().isEmpty() ? kept.sha256() : Digests.sha256(fetched);
  }

  /** Serves the copy or the bundle, if nothing has come from the source yet. */
  private void fallBack() throws InterruptedException {
    if (hasFallenBack || serving.isLoaded()) {
      return;
    }
    hasFallenBack = true;
    try {
      var found = within(diskCalls, "a fallback", fallbacks::first);
      if (found.isEmpty()) {
        return;
      }
      held = found.get().held();
      LOG.info("{}: starting from {}", source, found.get().place());
      if (isPinnedInUse()) {
        serving.agreed(held.view());
      } else {
        serving.fellBack(held.view(), found.get().agreedAt());
      }
    } catch (RuntimeException | VirtualMachineError e) {
      if (!mailbox.isClosed()) {
        LOG.warn("{}: cannot read the copy or the bundle: {}", source, Failures.inWords(e));
      }
    }
  }

  /** Warns, once the client is open, of a bundle that the next start could not use. */
  private void checkBundle() throws InterruptedException {
    if (isBundleChecked || isOpening || diskCalls.isUnderWay()) {
      return;
    }
    isBundleChecked = true;
    if (!hasFallenBack) {
      try {
        within(
            diskCalls,
            "the bundle",
            () -> {
              fallbacks.checkBundle();
              return "checked";
            });
      } catch (RuntimeException e) {
        LOG.debug("{}: cannot check the bundle", source, e); // the disk hangs, or the client closes
      }
    }
  }

  /** Ends opening when there is something to serve, or when asking again cannot help. */
  private void openIfSettled() {
    if (serving.isLoaded() || (isOpening && !isFailurePassing)) {
      endOpening();
    }
  }

  /** Completes opening, except when there is no snapshot and the options say to wait for one. */
  private void endOpening() {
    isOpening = false;
    if (opened.isDone()) {
      return;
    }
    ClientStatus status = status();
    if (status.state() != State.EMPTY) {
      options
          .expectedFields()
          .mistakeIn(held.view())
          .ifPresentOrElse(
              mistake -> opened.completeExceptionally(new IllegalStateException(mistake)),
              () -> opened.completeAsync(() -> null));
      return;
    }
    switch (options.whenNothing()) {
      case CONTINUE -> opened.completeAsync(() -> null);
      case WAIT -> LOG.debug("{}: waiting for the first snapshot", source);
      case FAIL ->
          opened.completeExceptionally(
              new IllegalStateException("expected a snapshot at start but " + reason(status)));
    }
  }

  private String reason(ClientStatus status) {
    String failure = status.lastFailure();
    return failure == null ? "none came within " + options.startTimeout() : failure;
  }

  /** Returns the outcome of a call; throws if it takes too long. */
  private <T> T within(BoundedCalls calls, String what, Callable<T> call)
      throws InterruptedException {
    Duration timeout = options.callTimeout();
    if (calls.isUnderWay()) {
      await(() -> !calls.isUnderWay(), System.nanoTime() + timeout.toNanos());
      if (calls.isUnderWay()) {
        throw SourceException.passing(
            "expected the previous call to end when it was interrupted but it hangs: " + what);
      }
    }
    if (mailbox.isClosed()) {
      throw Mailbox.closedException();
    }
    CompletableFuture<T> outcome = calls.begin(call, mailbox::wake);
    await(() -> calls.hasEnded(outcome), System.nanoTime() + timeout.toNanos());
    if (mailbox.isClosed()) {
      calls.interrupt();
      throw Mailbox.closedException();
    }
    if (!calls.hasEnded(outcome)) {
      calls.interrupt();
      throw SourceException.passing(
          "expected %s within %d ms but nothing came".formatted(what, timeout.toMillis()));
    }
    return calls.result(outcome, what);
  }

  /**
   * Waits, and meanwhile does what is due as time passes: changes of state, and the end of opening
   * at the start timeout.
   */
  private void await(BooleanSupplier condition, long untilNanos) throws InterruptedException {
    while (!mailbox.isClosed() && !condition.getAsBoolean()) {
      long now = System.nanoTime();
      if (untilNanos - now <= 0) {
        return;
      }
      if (isOpening && openUntilNanos - now <= 0) {
        isOpening = false;
        fallBack();
        endOpening();
      }
      long lookAt =
          now
              + Math.max(
                  SHORTEST_UNTIL_LOOK_NANOS, serving.untilLook(LONGEST_UNTIL_LOOK).toNanos());
      long until = earlier(untilNanos, isOpening ? earlier(lookAt, openUntilNanos) : lookAt);
      mailbox.await(condition, until);
      if (lookAt - System.nanoTime() <= 0) {
        serving.look();
      }
    }
  }

  private static long earlier(long oneNanos, long otherNanos) {
    return oneNanos - otherNanos < 0 ? oneNanos : otherNanos;
  }
}
