/** The facade an application imports: client, options, views, fields, status. */
@NullMarked
package dev.satchel.sdk;

import org.jspecify.annotations.NullMarked;
