package example

import dev.satchel.sdk.ConfigClient
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.system.exitProcess

/**
 * What is kept for a user. Each property has a default, so that the class has a constructor without
 * parameters: without Jackson's module for Kotlin, which nothing here needs, it is bound by that.
 */
data class UserConfig(val preview: Boolean = false)

fun main() {
  val changed = CountDownLatch(1)
  val inTime =
      ConfigClient.openBlocking(System.getenv()).use { configs ->
        configs.onUserChange("alice") { changed.countDown() }
        val first = configs.config("alice", UserConfig::class.java).orElseThrow()
        println("first alice=${first.preview}")
        changed.await(30, TimeUnit.SECONDS).also {
          val second = configs.config("alice", UserConfig::class.java).orElseThrow()
          println("changed alice=${second.preview}")
        }
      }
  exitProcess(if (inTime) 0 else 1)
}
