package dev.runledger.testkit;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.runledger.store.RunStore;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** That a class neither calls nor refers to what changes a store, unless it is a store itself or a part of one. */
final class StoreCallCondition extends ArchCondition<JavaClass> {
    /** Everything of the interface but what reads and what makes a store. */
    private static final Set<String> MUTATORS = Stream.of(RunStore.class.getMethods())
            .filter(method -> !Modifier.isStatic(method.getModifiers()))
            .map(Method::getName)
            .filter(name -> !name.equals("history"))
            .collect(Collectors.toUnmodifiableSet());

    StoreCallCondition() {
        super("leave the changes of a RunStore to the Ledger");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        if (isPartOfAStore(type)) {
            return;
        }
        Stream.<JavaAccess<?>>concat(
                        type.getMethodCallsFromSelf().stream(), type.getMethodReferencesFromSelf().stream())
                .filter(access -> MUTATORS.contains(access.getTarget().getName())
                        && access.getTargetOwner().isAssignableTo(RunStore.class))
                .forEach(access -> events.add(SimpleConditionEvent.violated(
                        access, "%s: ask the Ledger, which tells what it stores".formatted(access.getDescription()))));
    }

    private static boolean isPartOfAStore(JavaClass type) {
        for (Optional<JavaClass> outer = Optional.of(type);
                outer.isPresent();
                outer = outer.get().getEnclosingClass()) {
            if (outer.get().isAssignableTo(RunStore.class)) {
                return true;
            }
        }
        return false;
    }
}
