@NullMarked
package dev.satchel.spring;

import org.jspecify.annotations.NullMarked;
