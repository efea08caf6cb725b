package dev.satchel.kv.local;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The routes, and the resource of namespaces itself. Blocks; any thread may call it.
 *
 * <p>The paths are split before they are decoded: a key is one segment, whatever is in it.
 */
final class Api {
  private static final List<String> ROOT = List.of("client", "v4");
  private static final List<String> VERIFY = List.of("client", "v4", "user", "tokens", "verify");
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9_-]{1,128}");
  private static final int ACCOUNT_AT = 3;
  private static final int NAMESPACE_AT = 7;
  private static final int DEFAULT_PER_PAGE = 20;
  private static final int MAX_PER_PAGE = 1_000;

  private final PairStore store;
  private final PairApi pairs;
  private final BulkApi bulk;

  Api(PairStore store, Throttle throttle, LocalKvFaults faults, LocalKvOptions options) {
    this.store = store;
    pairs = new PairApi(store, throttle, faults, options.clock());
    bulk = new BulkApi(store, throttle, faults, options.clock());
  }

  /**
   * Returns how long a body may be. Decided before the request is understood, so that nothing is
   * held.
   */
  static long bodyLimit(String method, String path, @Nullable String contentType) {
    if (path.contains("/values/")) {
      return Multipart.isMultipart(contentType) ? Limits.REQUEST_BYTES : Limits.VALUE_BYTES;
    }
    return path.contains("/bulk") ? Limits.REQUEST_BYTES : Limits.SMALL_REQUEST_BYTES;
  }

  Answer answer(Call call) throws IOException {
    try {
      return route(call);
    } catch (JsonProcessingException e) {
      // the original message has no excerpt of the body
      throw Refusal.badRequest("expected JSON: " + e.getOriginalMessage());
    }
  }

  private Answer route(Call call) throws IOException {
    List<String> path = call.uri().segments();
    if (path.equals(VERIFY)) {
      only(call, "GET");
      return Answer.json(Json.envelope(Api::writeToken));
    }
    if (path.size() < NAMESPACE_AT
        || !path.subList(0, 2).equals(ROOT)
        || !path.get(2).equals("accounts")
        || !path.subList(4, NAMESPACE_AT).equals(List.of("storage", "kv", "namespaces"))) {
      throw Refusal.notFound();
    }
    String account = identifier(call, path.get(ACCOUNT_AT));
    List<String> rest = path.subList(NAMESPACE_AT, path.size());
    if (rest.isEmpty()) {
      return namespaces(call, account);
    }
    Namespace namespace =
        store
            .namespace(account, identifier(call, rest.get(0)))
            .orElseThrow(Refusal::namespaceNotFound);
    return inNamespace(call, account, namespace, rest.subList(1, rest.size()));
  }

  private Answer inNamespace(Call call, String account, Namespace namespace, List<String> rest)
      throws IOException {
    if (rest.isEmpty()) {
      return namespace(call, account, namespace);
    }
    String resource = rest.get(0);
    if (rest.size() == 1 && resource.equals("keys")) {
      only(call, "GET");
      return pairs.list(call, namespace);
    }
    if (rest.size() == 1 && resource.equals("bulk")) {
      return switch (call.method()) {
        case "PUT" -> bulk.write(call, namespace);
        case "DELETE" -> bulk.delete(call, namespace);
        default -> throw Refusal.methodNotAllowed();
      };
    }
    if (rest.equals(List.of("bulk", "delete"))) {
      only(call, "POST");
      return bulk.delete(call, namespace);
    }
    if (rest.equals(List.of("bulk", "get"))) {
      only(call, "POST");
      return bulk.read(call, namespace);
    }
    if (rest.size() == 2 && resource.equals("metadata")) {
      only(call, "GET");
      return pairs.metadata(namespace, Checks.key(RawUri.decoded(rest.get(1))));
    }
    if (rest.size() == 2 && resource.equals("values")) {
      String key = Checks.key(RawUri.decoded(rest.get(1)));
      return switch (call.method()) {
        case "GET" -> pairs.read(namespace, key);
        case "PUT" -> pairs.write(call, namespace, key);
        case "DELETE" -> pairs.delete(call, namespace, key);
        default -> throw Refusal.methodNotAllowed();
      };
    }
    throw Refusal.notFound();
  }

  private Answer namespaces(Call call, String account) throws IOException {
    return switch (call.method()) {
      case "GET" -> list(call, account);
      case "POST" -> {
        Namespace created = store.createNamespace(account, title(call));
        yield Answer.json(Json.envelope(json -> write(json, created)));
      }
      default -> throw Refusal.methodNotAllowed();
    };
  }

  private Answer list(Call call, String account) {
    int page = Checks.number(call.uri().query("page"), "page", 1, 1, Integer.MAX_VALUE);
    int perPage =
        Checks.number(call.uri().query("per_page"), "per_page", DEFAULT_PER_PAGE, 1, MAX_PER_PAGE);
    List<Namespace> all = store.namespaces(account);
    List<Namespace> shown = all.stream().skip((page - 1L) * perPage).limit(perPage).toList();
    return Answer.json(
        Json.envelope(
            json -> {
              json.writeStartArray();
              for (Namespace namespace : shown) {
                write(json, namespace);
              }
              json.writeEndArray();
            },
            json -> {
              json.writeNumberField("page", page);
              json.writeNumberField("per_page", perPage);
              json.writeNumberField("count", shown.size());
              json.writeNumberField("total_count", all.size());
            }));
  }

  private Answer namespace(Call call, String account, Namespace namespace) throws IOException {
    switch (call.method()) {
      case "GET" -> {
        return Answer.json(Json.envelope(json -> write(json, namespace)));
      }
      case "PUT" -> {
        Namespace renamed = store.renameNamespace(account, namespace, title(call));
        return Answer.json(Json.envelope(json -> write(json, renamed)));
      }
      case "DELETE" -> {
        store.deleteNamespace(namespace);
        return Answer.json(Json.envelope(Api::writeEmpty));
      }
      default -> throw Refusal.methodNotAllowed();
    }
  }

  private static String title(Call call) throws IOException {
    Checks.size(call.body(), "a body", Limits.SMALL_REQUEST_BYTES);
    String title = "";
    try (JsonParser parser = Json.parser(call.body().stream())) {
      Json.expect(parser.nextToken(), JsonToken.START_OBJECT, "the body");
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (field.equals("title")) {
          title = Json.text(parser, "title");
        } else {
          parser.skipChildren();
        }
      }
    }
    return name(title, "a title");
  }

  /** Returns the decoded segment; our ids need not be 32 hexadecimal digits as Cloudflare's are. */
  private static String identifier(Call call, String segment) {
    String id = RawUri.decoded(segment);
    if (!IDENTIFIER.matcher(id).matches()) {
      throw Refusal.malformedIdentifier("/" + String.join("/", call.uri().segments()));
    }
    return id;
  }

  private static String name(String text, String what) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > Limits.NAME_BYTES) {
      throw Refusal.badRequest(
          "expected " + what + " of 1 to " + Limits.NAME_BYTES + " bytes but found " + bytes);
    }
    return text;
  }

  private static void only(Call call, String method) {
    if (!call.method().equals(method)) {
      throw Refusal.methodNotAllowed();
    }
  }

  private static void write(JsonGenerator json, Namespace namespace) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", namespace.id());
    json.writeStringField("title", namespace.title());
    json.writeBooleanField("supports_url_encoding", true);
    json.writeEndObject();
  }

  private static void writeToken(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", "00000000000000000000000000000000");
    json.writeStringField("status", "active");
    json.writeEndObject();
  }

  static void writeEmpty(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeEndObject();
  }
}
