package dev.runledger.hosts.suites

import dev.runledger.CallOptions
import dev.runledger.Ledger
import dev.runledger.WorkflowRunEvents
import dev.runledger.event.EventField
import dev.runledger.event.EventFields
import dev.runledger.event.WorkflowRunEvent.COMPLETED
import dev.runledger.event.WorkflowRunEvent.FAILED
import dev.runledger.event.WorkflowRunEvent.QUEUED
import dev.runledger.event.WorkflowRunEvent.RUNNING
import dev.runledger.event.WorkflowRunEvent.SUCCEEDED
import dev.runledger.run.NewRun
import dev.runledger.run.RunId
import dev.runledger.run.RunOutcome
import dev.runledger.testkit.Breach
import dev.runledger.testkit.FromKit
import dev.runledger.testkit.LedgerAssertions.assertThat
import dev.runledger.testkit.LedgerAssertions.assertThatFanOut
import dev.runledger.testkit.LedgerExtension
import dev.runledger.testkit.LedgerKit
import dev.runledger.testkit.MutableClock
import dev.runledger.testkit.RecordingSink
import dev.runledger.testkit.Witness
import java.time.Duration
import java.util.function.Supplier
import kotlin.concurrent.thread
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatThrownBy
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.extension.RegisterExtension

/** A suite in Kotlin: parameters and fields of the kit, lambdas, and the main assertions. */
class ReviewTest {
    private val bus = RecordingSink()

    @RegisterExtension
    @JvmField
    val extension: LedgerExtension = LedgerExtension.of {
        LedgerKit.builder().name("review").ledger { it.sink(bus) }.build()
    }

    @FromKit
    private lateinit var ledger: Ledger

    private fun queued(): RunId = ledger.dispatch(NewRun.of("review")).orElseThrow().id()

    @Test
    fun `a clean review succeeds`(recorder: RecordingSink, clock: MutableClock) {
        val id = queued()
        clock.advance(Duration.ofSeconds(2))
        val end = ledger.execute<RuntimeException>(id, "worker-1") {
            clock.advance(Duration.ofSeconds(3))
            RunOutcome.succeeded()
        }
        assertThat(end.isApplied).isTrue()
        assertThat(recorder)
            .run(id)
            .emittedExactly(QUEUED, RUNNING, SUCCEEDED, COMPLETED)
            .waitedInQueue(Duration.ofSeconds(2))
            .took(Duration.ofSeconds(3))
            .hasConsistentDurations()
    }

    @Test
    fun `each event has an assertion of its own`(recorder: RecordingSink) {
        val id = queued()
        ledger.start(id, "worker-1", CallOptions.customFields(EventFields.of().put("prNumber", 42))).orElseThrow()
        assertThat(recorder).run(id).neverEmitted(FAILED).emittedSatisfying(
            { it.isOf(QUEUED).doesNotHaveField(EventField.TARGET) },
            { it.isOf(RUNNING).hasField("prNumber", 42).hasField(EventField.WORKER_ID, "worker-1") },
        )
    }

    @Test
    fun `the events of another thread are waited for`(recorder: RecordingSink) {
        val id = queued()
        val worker = thread { ledger.start(id, "worker-1") }
        assertThat(recorder).within(Duration.ofSeconds(10)) { it.run(id).emittedExactly(QUEUED, RUNNING) }
        worker.join()
    }

    @Test
    fun `every sink receives the same`(kit: LedgerKit) {
        kit.witness(Witness.ofEvents("bus") { bus.events() })
        ledger.cancel(queued(), "not needed").orElseThrow()
        assertThatFanOut(kit).reachedEveryWitness()
    }

    @Test
    fun `a breach names the line in Kotlin`(kit: LedgerKit, events: WorkflowRunEvents, ids: Supplier<String>) {
        events.log(QUEUED, EventFields.of().runId(ids.get()).target(null as String?))
        val breach: Breach = kit.breaches().single()
        val line: StackTraceElement? = breach.line()
        assertThat(line?.fileName).isEqualTo("ReviewTest.kt")
        assertThatThrownBy { kit.verify() }.hasMessageContaining("missing workflowName")
        kit.tolerate(Breach.Kind.VIOLATION)
    }
}
