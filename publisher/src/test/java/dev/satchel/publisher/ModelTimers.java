package dev.satchel.publisher;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;

/**
 * A Vert.x whose timers go by the model's time, for one client, and that knows when everything the
 * client has begun is done.
 */
final class ModelTimers {
  private static final long DEADLINE_SECONDS = 60;
  private static final double JITTER = 0.105;

  /** A timer that is set. */
  record Timer(long id, Instant due, Handler<Long> handler) {}

  private final Vertx vertx;
  private final Context context;
  private final ModelTime time;
  private final DoubleSupplier random;
  private final Map<Long, Timer> timers = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private int busy; // guarded by this

  ModelTimers(Vertx vertx, ModelTime time, DoubleSupplier random) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.time = time;
    this.random = random;
  }

  /** The Vert.x to give to the client. */
  Vertx vertx() {
    var controlled = proxy(Context.class, this::onContext);
    return proxy(
        Vertx.class,
        (method, arguments) ->
            switch (method.getName()) {
              case "setTimer" -> set((Long) arguments[0], handler(arguments[1]));
              case "cancelTimer" -> timers.remove((Long) arguments[0]) != null;
              case "getOrCreateContext" -> controlled;
              default -> method.invoke(vertx, arguments);
            });
  }

  /** The timer that is due first. */
  Optional<Timer> next() {
    return timers.values().stream().min(Comparator.comparing(Timer::due).thenComparing(Timer::id));
  }

  /** Lets a timer ring, and waits until all that follows is done. */
  void ring(Timer timer) {
    if (timers.remove(timer.id) != null) {
      run(() -> timer.handler.handle(timer.id));
      awaitIdle();
    }
  }

  /** As when the process ends. */
  void forget() {
    timers.clear();
  }

  /** Waits until nothing that was begun is under way. */
  synchronized void awaitIdle() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    try {
      while (busy > 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw new AssertionError("expected a client to come to rest within a minute");
        }
        wait(left);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private long set(long millis, Handler<Long> handler) {
    long id = ids.incrementAndGet();
    timers.put(id, new Timer(id, time.instant().plusMillis(seeded(millis)), handler));
    return id;
  }

  /** Clients draw their jitter from no seed, so what looks like 2^n s with jitter is drawn anew. */
  private long seeded(long millis) {
    double nominal = Math.scalb(1000.0, (int) Math.rint(Math.log(millis / 1000.0) / Math.log(2)));
    return Math.abs(millis - nominal) > nominal * JITTER
        ? millis
        : Math.round(nominal * (0.9 + 0.2 * random.getAsDouble()));
  }

  private Object onContext(Method method, Object[] arguments) throws ReflectiveOperationException {
    if (method.getName().equals("runOnContext")) {
      Handler<?> work = (Handler<?>) arguments[0];
      run(() -> work.handle(null));
      return NOTHING;
    }
    if (method.getName().equals("executeBlocking")) {
      begin();
      Future<?> done =
          arguments.length == 1
              ? context.executeBlocking((Callable<?>) arguments[0])
              : context.executeBlocking((Callable<?>) arguments[0], (Boolean) arguments[1]);
      // a turn later, so that whoever waits for it has begun what comes next
      done.onComplete(any -> context.runOnContext(later -> end()));
      return done;
    }
    return method.invoke(context, arguments);
  }

  private void run(Runnable work) {
    begin();
    context.runOnContext(
        go -> {
          try {
            work.run();
          } finally {
            end();
          }
        });
  }

  private synchronized void begin() {
    busy++;
  }

  private synchronized void end() {
    busy--;
    notifyAll();
  }

  private static final Object NOTHING = new Object();

  private interface Answers {
    Object to(Method method, Object[] arguments) throws ReflectiveOperationException;
  }

  @SuppressWarnings("unchecked") // Vert.x gives setTimer nothing else
  private static Handler<Long> handler(Object argument) {
    return (Handler<Long>) argument;
  }

  private static <T> T proxy(Class<T> type, Answers answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              try {
                Object answer = answers.to(method, arguments == null ? new Object[0] : arguments);
                return answer == NOTHING ? null : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            }));
  }
}
