package dev.satchel.sdk;

import java.util.Objects;
import kotlin.Metadata;
import kotlin.jvm.internal.DefaultConstructorMarker;
import org.jspecify.annotations.Nullable;

/**
 * What Kotlin's compiler makes of
 *
 * <pre>
 * data class KotlinUser(
 *     val zeta: String, val alpha: String = "al", val limit: Int = 7, val required: Int, val note: String? = null)
 * </pre>
 *
 * except that it would mark the second constructor as synthetic.
 */
@Metadata(
    mv = {2, 2, 0},
    k = 1,
    d2 = {"LKotlinUser;", "", "zeta", "", "alpha", "limit", "", "required", "note", "<init>"})
final class KotlinUser {
  private final String zeta;
  private final String alpha;
  private final int limit;
  private final int required;
  private final @Nullable String note;

  public KotlinUser(String zeta, String alpha, int limit, int required, @Nullable String note) {
    this.zeta = Objects.requireNonNull(zeta, "zeta");
    this.alpha = Objects.requireNonNull(alpha, "alpha");
    this.limit = limit;
    this.required = required;
    this.note = note;
  }

  public KotlinUser(
      String zeta,
      String alpha,
      int limit,
      int required,
      @Nullable String note,
      int absent,
      @Nullable DefaultConstructorMarker marker) {
    this(
        zeta,
        (absent & 2) != 0 ? "al" : alpha,
        (absent & 4) != 0 ? 7 : limit,
        required,
        (absent & 16) != 0 ? null : note);
  }

  @Override
  public String toString() {
    return "%s %s %d %d %s".formatted(zeta, alpha, limit, required, note);
  }
}
