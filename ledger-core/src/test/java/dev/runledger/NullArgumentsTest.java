package dev.runledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runledger.event.EventFields;
import dev.runledger.event.LedgerEvent;
import dev.runledger.failure.Failure;
import dev.runledger.history.RunHistory;
import dev.runledger.history.RunQuery;
import dev.runledger.run.Dispatch;
import dev.runledger.run.NewRun;
import dev.runledger.run.NewTask;
import dev.runledger.run.Payload;
import dev.runledger.run.Resumption;
import dev.runledger.run.RetryPolicy;
import dev.runledger.run.RunId;
import dev.runledger.run.RunOutcome;
import dev.runledger.run.Target;
import dev.runledger.run.TaskId;
import dev.runledger.run.TaskRun;
import dev.runledger.run.Trigger;
import dev.runledger.run.Wait;
import dev.runledger.sink.EventSink;
import dev.runledger.state.RunState;
import dev.runledger.store.RunImport;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A null argument of a public call is named before anything is stored or emitted, and no text of the JVM stands in for its name. */
class NullArgumentsTest {
    private static final List<LedgerEvent> EVENTS = new ArrayList<>();
    private static final Ledger LEDGER =
            Ledger.builder().sink(EventSink.inline(EVENTS::add)).build();
    private static final RunId RUN = RunId.of("r-1");
    private static final TaskId TASK = TaskId.of("t-1");

    /** What is called: an object, or the class of static methods. */
    private static final List<Object> CALLED = List.of(
            LEDGER,
            LEDGER.tasks(),
            LEDGER.history(),
            CallOptions.none(),
            CallOptions.class,
            NewRun.of("review"),
            NewRun.class,
            Trigger.of("push"),
            Trigger.class,
            Wait.of(Wait.Code.APPROVAL),
            Wait.class,
            Resumption.of(),
            Resumption.class,
            Failure.class,
            RunOutcome.class,
            NewTask.of("build"),
            NewTask.class,
            Payload.class,
            Target.class,
            RunImport.class,
            RunImport.of(NewRun.of("review").id(RUN), Instant.EPOCH),
            RunQuery.builder(),
            Ledger.builder());

    /** A call with one of its arguments null. */
    private record Call(Object called, Method method, int index) {
        @Override
        public String toString() {
            return "%s.%s(%s), argument %d"
                    .formatted(
                            method.getDeclaringClass().getSimpleName(),
                            method.getName(),
                            Arrays.toString(method.getParameterTypes()),
                            index + 1);
        }
    }

    static Stream<Call> calls() {
        return CALLED.stream().flatMap(called -> {
            boolean statics = called instanceof Class<?>;
            Class<?> type =
                    statics ? (Class<?>) called : called instanceof RunHistory ? RunHistory.class : called.getClass();
            return Arrays.stream(type.getMethods())
                    .filter(method -> method.getDeclaringClass() != Object.class)
                    .filter(method -> Modifier.isStatic(method.getModifiers()) == statics)
                    .filter(method -> !method.isBridge() && !method.getName().equals("equals"))
                    .flatMap(method -> Stream.iterate(0, i -> i < method.getParameterCount(), i -> i + 1)
                            .filter(i -> !method.getParameterTypes()[i].isPrimitive())
                            .filter(i -> !isNullable(method, i))
                            .map(i -> new Call(called, method, i)));
        });
    }

    private static boolean isNullable(Method method, int index) {
        return method.getAnnotatedParameterTypes()[index].isAnnotationPresent(Nullable.class);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void isNamed(Call call) throws Exception {
        Object[] arguments = Arrays.stream(call.method().getParameterTypes())
                .map(NullArgumentsTest::sample)
                .toArray();
        arguments[call.index()] = null;
        call.method().setAccessible(true);
        Throwable thrown = null;
        try {
            call.method().invoke(call.called(), arguments);
        } catch (InvocationTargetException failed) {
            thrown = failed.getCause();
        }
        assertThat(thrown).as("%s", call).isInstanceOf(NullPointerException.class);
        assertThat(thrown.getMessage()).as("%s", call).matches("[a-zA-Z]{2,20}");
        assertThat(EVENTS).isEmpty();
    }

    private static @Nullable Object sample(Class<?> type) {
        Map<Class<?>, Object> samples = Map.ofEntries(
                Map.entry(RunId.class, RUN),
                Map.entry(TaskId.class, TASK),
                Map.entry(Target.class, Target.of("a")),
                Map.entry(NewRun.class, NewRun.of("review")),
                Map.entry(NewTask.class, NewTask.of("build").id(TASK)),
                Map.entry(Trigger.class, Trigger.of("push")),
                Map.entry(Wait.class, Wait.of(Wait.Code.APPROVAL)),
                Map.entry(Wait.Code.class, Wait.Code.APPROVAL),
                Map.entry(Wait.OnDeadline.class, Wait.OnDeadline.FAIL),
                Map.entry(Resumption.class, Resumption.of()),
                Map.entry(Failure.class, Failure.of("x")),
                Map.entry(Failure.Category.class, Failure.Category.BUG),
                Map.entry(Dispatch.RefusalCode.class, Dispatch.RefusalCode.OTHER),
                Map.entry(TaskRun.Result.class, TaskRun.Result.nothing()),
                Map.entry(CallOptions.class, CallOptions.none()),
                Map.entry(EventFields.class, EventFields.of()),
                Map.entry(Payload.class, Payload.json("{}")),
                Map.entry(RetryPolicy.class, RetryPolicy.none()),
                Map.entry(RetryPolicy.Backoff.class, RetryPolicy.Backoff.constant(Duration.ZERO)),
                Map.entry(NewRun.Channel.class, NewRun.Channel.LIVE),
                Map.entry(NewTask.Kind.class, NewTask.Kind.TASK),
                Map.entry(String.class, "text"),
                Map.entry(Throwable.class, new IllegalStateException("x")),
                Map.entry(Duration.class, Duration.ofSeconds(1)),
                Map.entry(Instant.class, Instant.EPOCH),
                Map.entry(Map.class, Map.of()),
                Map.entry(Set.class, Set.of()),
                Map.entry(RunState[].class, new RunState[] {RunState.FAILED}),
                Map.entry(String[].class, new String[] {"a"}),
                Map.entry(Collection.class, List.of(RunState.FAILED)),
                Map.entry(RunQuery.class, RunQuery.builder().build()),
                Map.entry(Consumer.class, (Consumer<Object>) ignored -> {}),
                Map.entry(UnaryOperator.class, UnaryOperator.identity()),
                Map.entry(RunScope.Handler.class, (RunScope.Handler<RuntimeException>) scope -> RunOutcome.succeeded()),
                Map.entry(boolean.class, true),
                Map.entry(int.class, 1),
                Map.entry(long.class, 1L));
        return samples.get(type);
    }
}
