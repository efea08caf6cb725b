/** For an application's own tests: a source, a clock and snapshots under the test's control. */
@NullMarked
package dev.satchel.sdk.testkit;

import org.jspecify.annotations.NullMarked;
