package example

import dev.satchel.sdk.ConfigClient
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.system.exitProcess

/**
 * What is kept for a user. Nothing here needs Jackson's module for Kotlin: the SDK makes objects by
 * the constructor, and leaves what a user lacks at its default.
 */
data class UserConfig(val preview: Boolean, val theme: String = "light", val limit: Int = 7)

fun main() {
  val changed = CountDownLatch(1)
  val inTime =
      ConfigClient.openBlocking(System.getenv()).use { configs ->
        configs.onUserChange("alice") { changed.countDown() }
        val first = configs.config("alice", UserConfig::class.java).orElseThrow()
        check(first.theme == "light" && first.limit == 7) { "defaults are lost: $first" }
        println("first alice=${first.preview}")
        changed.await(30, TimeUnit.SECONDS).also {
          val second = configs.config("alice", UserConfig::class.java).orElseThrow()
          println("changed alice=${second.preview}")
        }
      }
  exitProcess(if (inTime) 0 else 1)
}
