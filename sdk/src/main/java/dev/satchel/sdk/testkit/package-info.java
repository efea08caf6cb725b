/** What an application's own tests use in place of a published snapshot. */
@NullMarked
package dev.satchel.sdk.testkit;

import org.jspecify.annotations.NullMarked;
