package dev.satchel.publisher.check;

import dev.satchel.kv.KvLimits;
import dev.satchel.publisher.text.FailureText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to the address, as a client does: no redirect is followed, and no body is taken
 * beyond the limit. Remembers the revisions that answers named. Confined to one thread; blocks.
 */
final class Probe {
  /** For a whole answer, unless the request asks to wait. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http1 = client(HttpClient.Version.HTTP_1_1);
  private final SourceAddress address;
  private final @Nullable String token;
  private long highest;
  private String fell = "";

  /**
   * @param token sent as a bearer token; null for none
   */
  Probe(SourceAddress address, @Nullable String token) {
    this.address = address;
    this.token = token;
  }

  private static HttpClient client(HttpClient.Version version) {
    return HttpClient.newBuilder()
        .version(version)
        .followRedirects(HttpClient.Redirect.NEVER)
        .connectTimeout(PATIENCE)
        .build();
  }

  SourceAddress address() {
    return address;
  }

  boolean hasToken() {
    return token != null;
  }

  /** Returns the highest revision that an answer named, 0 for none. */
  long highest() {
    return highest;
  }

  /** Returns how revisions went back; "" if they did not. */
  String fell() {
    return fell;
  }

  /** Asks for the value with GET. */
  Answer get(String... headers) throws InterruptedException {
    return noted(send(http1, "GET", address.uri(), token, PATIENCE, headers));
  }

  /** Asks for the value with HEAD. */
  Answer head(String... headers) throws InterruptedException {
    return noted(send(http1, "HEAD", address.uri(), token, PATIENCE, headers));
  }

  /** Asks for the value with HEAD, and waits longer for the answer. */
  Answer head(Duration wait, String... headers) throws InterruptedException {
    return noted(send(http1, "HEAD", address.uri(), token, PATIENCE.plus(wait), headers));
  }

  /** Asks for the value over HTTP/2, if the server speaks it. */
  Answer getOverHttp2() throws InterruptedException {
    return noted(send(client(HttpClient.Version.HTTP_2), "GET", address.uri(), token, PATIENCE));
  }

  /** Asks for the value with another token, or none. */
  Answer getAs(@Nullable String otherToken) throws InterruptedException {
    return send(http1, "GET", address.uri(), otherToken, PATIENCE);
  }

  /** Asks for something else at the same server. */
  Answer getAt(URI other) throws InterruptedException {
    return send(http1, "GET", other, token, PATIENCE);
  }

  private Answer noted(Answer answer) {
    long revision = answer.revision();
    if (revision > 0 && revision < highest && fell.isEmpty()) {
      fell = "revision %d after %d".formatted(revision, highest);
    }
    highest = Math.max(highest, revision);
    return answer;
  }

  private static Answer send(
      HttpClient http,
      String method,
      URI uri,
      @Nullable String token,
      Duration patience,
      String... headers)
      throws InterruptedException {
    var request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(patience);
    boolean namesCoding = false;
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
      namesCoding |= headers[i].equals("Accept-Encoding");
    }
    if (!namesCoding) {
      request.header("Accept-Encoding", "identity"); // as a client does
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    long began = System.nanoTime();
    try {
      HttpResponse<InputStream> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      byte[] body = body(response.body(), patience);
      return new Answer(
          response.statusCode(),
          response.headers(),
          body,
          response.version(),
          Instant.now(),
          Duration.ofNanos(System.nanoTime() - began));
    } catch (IOException e) {
      throw new NoAnswerException(method, inWords(e));
    }
  }

  private static byte[] body(InputStream in, Duration patience)
      throws IOException, InterruptedException {
    var reading =
        CompletableFuture.supplyAsync(
            () -> {
              try (in) {
                return in.readNBytes(KvLimits.MAX_VALUE_BYTES + 1);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    try {
      return reading.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      in.close();
      throw new IOException("the body did not end within %d s".formatted(patience.toSeconds()), e);
    } catch (ExecutionException e) {
      throw new IOException("the body was cut", e);
    }
  }

  private static String inWords(IOException failure) {
    if (failure instanceof ConnectException && failure.getMessage() == null) {
      return "no connection";
    }
    return FailureText.inWords(failure);
  }

  /** There was no whole answer to a request. */
  static final class NoAnswerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoAnswerException(String method, String why) {
      super("%s: %s".formatted(method, why));
    }
  }
}
