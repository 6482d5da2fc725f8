package dev.runledger.testkit;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.runledger.store.RunStore;
import dev.runledger.store.StoreCommand;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Demands that a class neither calls nor refers to what changes a store, unless it is a store or a part of one. */
final class StoreCallCondition extends ArchCondition<JavaClass> {
    /** The methods that change a store, by the type that has them: each that takes a command, or gives one to a handler. */
    private static final Map<Class<?>, Set<String>> MUTATORS = Map.of(
            RunStore.class, methods(RunStore.class, "history"),
            StoreCommand.Handler.class, methods(StoreCommand.Handler.class),
            StoreCommand.class, Set.of("on"));

    StoreCallCondition() {
        super("leave the changes of a RunStore to the Ledger");
    }

    private static Set<String> methods(Class<?> type, String... readers) {
        return Arrays.stream(type.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !Set.of(readers).contains(name))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        if (isPartOfAStore(type)) {
            return;
        }
        Stream.<JavaAccess<?>>concat(
                        type.getMethodCallsFromSelf().stream(), type.getMethodReferencesFromSelf().stream())
                .filter(StoreCallCondition::changesAStore)
                .forEach(access -> events.add(SimpleConditionEvent.violated(
                        access,
                        "%s: call the Ledger, which emits an event for what it stores"
                                .formatted(access.getDescription()))));
    }

    private static boolean changesAStore(JavaAccess<?> access) {
        return MUTATORS.entrySet().stream()
                .anyMatch(each -> each.getValue().contains(access.getTarget().getName())
                        && access.getTargetOwner().isAssignableTo(each.getKey()));
    }

    private static boolean isPartOfAStore(JavaClass type) {
        for (Optional<JavaClass> outer = Optional.of(type);
                outer.isPresent();
                outer = outer.get().getEnclosingClass()) {
            if (outer.get().isAssignableTo(RunStore.class) || outer.get().isAssignableTo(StoreCommand.Handler.class)) {
                return true;
            }
        }
        return false;
    }
}
