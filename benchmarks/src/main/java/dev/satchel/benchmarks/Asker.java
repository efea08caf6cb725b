package dev.satchel.benchmarks;

import dev.satchel.publisher.seed.Profile;
import dev.satchel.publisher.seed.SyntheticUsers;
import dev.satchel.sdk.BooleanField;
import dev.satchel.sdk.ConfigClient;
import dev.satchel.snapshot.SnapshotEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Asks one contender about its users, by ids of one form. The ids of the questions are objects of
 * their own, made by {@link #renew}: they are in a near cache after it, whatever the contender's
 * memory is in.
 */
public abstract class Asker implements AutoCloseable {
  /** The form of the user ids. */
  public enum Ids {
    /** Version 4 UUIDs. */
    UUID,
    /** Integers below 10^12. */
    NUMBER,
    /** A common prefix and a number. */
    NUMBERED_TEXT,
    /** A common prefix, then random letters and digits. */
    CODE,
    /** A name, an at sign, a domain. */
    EMAIL
  }

  /** Makes the id of a question anew, about the user with this number. */
  abstract void renew(int question, int user);

  /** Answers a question. */
  abstract boolean isPreview(int question);

  /** Answers all questions in one call, if the contender can. */
  void previews(boolean[] into) {
    throw new UnsupportedOperationException("only Satchel, and only by UUID");
  }

  @Override
  public void close() {}

  /**
   * Opens a contender over typical users, or, if their ids are no UUIDs, over users with a single
   * field.
   */
  static Asker open(Contender contender, Ids ids, int users, int questions) {
    return switch (ids) {
      case UUID -> byUuid(contender, users, questions);
      case NUMBER -> byNumber(contender, users, questions);
      case NUMBERED_TEXT -> byText(contender, TextLookupBenchmark.Ids.NUMBERED, users, questions);
      case CODE -> byText(contender, TextLookupBenchmark.Ids.CODE, users, questions);
      case EMAIL -> byText(contender, TextLookupBenchmark.Ids.EMAIL, users, questions);
    };
  }

  private static Asker byUuid(Contender contender, int users, int questions) {
    long[] words = new long[2 * users];
    int[] at = {0};
    SyntheticUsers.forEach(
        users,
        Profile.TUTORIAL,
        (id, values) -> {
          words[at[0]++] = id.getMostSignificantBits();
          words[at[0]++] = id.getLeastSignificantBits();
        });
    UUID[] asked = new UUID[questions];
    Lookup lookup = contender.open(Profile.TYPICAL, users);
    return new Asker() {
      @Override
      void renew(int question, int user) {
        asked[question] = new UUID(words[2 * user], words[2 * user + 1]);
      }

      @Override
      boolean isPreview(int question) {
        return lookup.isPreview(asked[question]);
      }

      @Override
      void previews(boolean[] into) {
        lookup.previews(asked, into);
      }

      @Override
      public void close() {
        lookup.close();
      }
    };
  }

  private static Asker byText(
      Contender contender, TextLookupBenchmark.Ids ids, int users, int questions) {
    List<String> texts = TextLookupBenchmark.texts(ids, users);
    String[] asked = new String[questions];
    TextLookupBenchmark.TextLookup lookup =
        TextLookupBenchmark.lookup(
            TextLookupBenchmark.Answerer.valueOf(contender.name()), ids, texts);
    return new Asker() {
      @Override
      void renew(int question, int user) {
        asked[question] = String.valueOf(texts.get(user).toCharArray()); // without a hash code
      }

      @Override
      boolean isPreview(int question) {
        return lookup.isPreview(asked[question]);
      }
    };
  }

  /** Looks up a boolean by an integer. */
  private interface NumberLookup {
    boolean isPreview(long id);
  }

  private static Asker byNumber(Contender contender, int users, int questions) {
    List<Long> drawn = new ArrayList<>(users);
    IdKind.INTEGER_SPARSE.forEach(users, id -> drawn.add((Long) id));
    long[] numbers = drawn.stream().mapToLong(Long::longValue).toArray();
    long[] asked = new long[questions];
    NumberLookup lookup = byNumber(contender, numbers);
    return new Asker() {
      @Override
      void renew(int question, int user) {
        asked[question] = numbers[user];
      }

      @Override
      boolean isPreview(int question) {
        return lookup.isPreview(asked[question]);
      }
    };
  }

  private static NumberLookup byNumber(Contender contender, long[] numbers) {
    return switch (contender) {
      case SATCHEL -> {
        SnapshotEncoder encoder = new SnapshotEncoder(List.of(ClientLookup.FIELD));
        for (int i = 0; i < numbers.length; i++) {
          encoder.add(numbers[i], new Object[] {TextLookupBenchmark.isPreview(i)});
        }
        ConfigClient client = ClientLookup.client(encoder.encode(1, Values.PUBLISHED_AT));
        BooleanField preview = client.booleanField(ClientLookup.FIELD);
        yield id -> preview.get(id, false);
      }
      case TABLE -> {
        PlainTable table = new PlainTable(numbers.length);
        for (int i = 0; i < numbers.length; i++) {
          table.put(1, numbers[i], TextLookupBenchmark.isPreview(i));
        }
        yield id -> table.isSet(1, id);
      }
      case HASH_MAP -> {
        Map<Long, Boolean> map = new HashMap<>();
        for (int i = 0; i < numbers.length; i++) {
          map.put(numbers[i], TextLookupBenchmark.isPreview(i));
        }
        yield id -> map.getOrDefault(id, false);
      }
      default -> throw new IllegalArgumentException(contender + " is not asked by number");
    };
  }
}
