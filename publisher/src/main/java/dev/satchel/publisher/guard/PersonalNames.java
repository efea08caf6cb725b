package dev.satchel.publisher.guard;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Guesses from a field's name whether it is about a person. */
final class PersonalNames {
  // recognised anywhere in a name, since they mean nothing else
  private static final List<String> STEMS =
      List.of(
          "email",
          "phone",
          "address",
          "birth",
          "passport",
          "surname",
          "firstname",
          "lastname",
          "fullname",
          "username",
          "postcode");
  private static final Set<String> WORDS =
      Set.of(
          "mail",
          "mobile",
          "msisdn",
          "fax",
          "street",
          "zip",
          "zipcode",
          "postal",
          "dob",
          "ssn",
          "iban",
          "ip",
          "gender",
          "religion",
          "salary",
          "nickname");
  private static final Set<String> BEFORE_NAME =
      Set.of(
          "first", "last", "full", "given", "family", "middle", "maiden", "real", "legal", "user");

  private PersonalNames() {}

  static boolean looksPersonal(String field) {
    String[] words =
        field
            .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .toLowerCase(Locale.ROOT)
            .split("[^\\p{Alnum}]+", -1);
    String joined = String.join("", words);
    if (STEMS.stream().anyMatch(joined::contains)) {
      return true;
    }
    for (int i = 0; i < words.length; i++) {
      if (WORDS.contains(words[i])
          || (i > 0 && words[i].equals("name") && BEFORE_NAME.contains(words[i - 1]))) {
        return true;
      }
    }
    return false;
  }
}
