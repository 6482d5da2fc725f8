package dev.runledger;

import dev.runledger.context.ContextCarrier;
import dev.runledger.context.ExecutionInterceptor;
import dev.runledger.failure.Failure;
import dev.runledger.redact.Limits;
import dev.runledger.redact.Redactor;
import dev.runledger.sink.EventSink;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of a ledger and of its events have in common.
 *
 * @param <B> the builder
 */
abstract class EventSettings<B extends EventSettings<B>> implements LedgerPlugin.Installation {
    final List<EventSink> sinks = new ArrayList<>();
    final List<ContextCarrier> carriers = new ArrayList<>();
    final List<ExecutionInterceptor> interceptors = new ArrayList<>();
    Redactor redactor = Redactor.standard();
    Limits limits = Limits.standard();
    Failure.Categorizer categorizer = Failure.Categorizer.standard();
    InstantSource clock = InstantSource.system();

    @Nullable
    Supplier<String> ids;

    boolean echo = true;

    abstract B self();

    /** Adds a sink, called in the way that it asks for: through a queue of its own unless it is inline. The application closes it. */
    @Override
    public B sink(EventSink sink) {
        sinks.add(Objects.requireNonNull(sink, "sink"));
        return self();
    }

    /** Adds a carrier that takes a context from the dispatch to the execution of a run. Default: none. */
    @Override
    public B carrier(ContextCarrier carrier) {
        carriers.add(Objects.requireNonNull(carrier, "carrier"));
        return self();
    }

    /** Adds an interceptor of executions. Default: none. */
    @Override
    public B interceptor(ExecutionInterceptor interceptor) {
        interceptors.add(Objects.requireNonNull(interceptor, "interceptor"));
        return self();
    }

    /** Installs the parts of an integration together. */
    public B install(LedgerPlugin plugin) {
        plugin.install(this);
        return self();
    }

    /** Sets what a secret is. Default: {@link Redactor#standard()}. */
    public B redactor(Redactor redactor) {
        this.redactor = Objects.requireNonNull(redactor, "redactor");
        return self();
    }

    /** Sets how long texts, events and payloads may get. Default: {@link Limits#standard()}. */
    public B limits(Limits limits) {
        this.limits = Objects.requireNonNull(limits, "limits");
        return self();
    }

    /** Sets how errors are sorted into categories. Default: {@link Failure.Categorizer#standard()}. */
    public B categorizer(Failure.Categorizer categorizer) {
        this.categorizer = Objects.requireNonNull(categorizer, "categorizer");
        return self();
    }

    /** Sets the clock for what has no time from a store. Default: the system's clock. */
    public B clock(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        return self();
    }

    /** Sets where ids come from, for runs, tasks, and events without a run. Default: time-ordered UUIDs. */
    public B ids(Supplier<String> ids) {
        this.ids = Objects.requireNonNull(ids, "ids");
        return self();
    }

    /** Sets whether {@code workflow.run.completed} echoes every terminal event. Default: yes. */
    public B echo(boolean echo) {
        this.echo = echo;
        return self();
    }
}
