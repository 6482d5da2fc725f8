package dev.runledger.testkit;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.commons.support.AnnotationSupport;

/** Sets the fields of a test that ask for a part of its kit. */
final class FieldInjector {
    private FieldInjector() {}

    /** Sets the fields of every instance that encloses the test; the last is that of the nested class. */
    static void fill(ExtensionContext context, LedgerKit kit) {
        boolean shared = isSharedByTestsAtTheSameTime(context);
        for (Object test : context.getRequiredTestInstances().getAllInstances()) {
            fill(test, kit, shared);
        }
    }

    private static boolean isSharedByTestsAtTheSameTime(ExtensionContext context) {
        boolean parallel = context.getConfigurationParameter("junit.jupiter.execution.parallel.enabled")
                .map(Boolean::parseBoolean)
                .orElse(false);
        return parallel
                && context.getExecutionMode() == ExecutionMode.CONCURRENT
                && Stream.iterate(
                                Optional.of(context),
                                Optional::isPresent,
                                each -> each.flatMap(ExtensionContext::getParent))
                        .flatMap(each -> each.flatMap(ExtensionContext::getTestInstanceLifecycle).stream())
                        .anyMatch(lifecycle -> lifecycle == TestInstance.Lifecycle.PER_CLASS);
    }

    private static void fill(Object test, LedgerKit kit, boolean shared) {
        for (Field field : AnnotationSupport.findAnnotatedFields(test.getClass(), FromKit.class)) {
            if (Modifier.isStatic(field.getModifiers()) || Modifier.isFinal(field.getModifiers())) {
                throw new IllegalStateException(
                        "field %s has @FromKit: expected neither static nor final".formatted(field));
            }
            if (shared) {
                throw new IllegalStateException(
                        "field %s has @FromKit: expected a parameter, since tests that run at the same time share their instance"
                                .formatted(field));
            }
            KitPart part = KitPart.of(field.getGenericType())
                    .orElseThrow(() -> new IllegalStateException(
                            "field %s has @FromKit: expected a type that a kit gives out".formatted(field)));
            try {
                field.setAccessible(true);
                field.set(test, part.from(kit));
            } catch (IllegalAccessException impossible) { // it has just been made accessible
                throw new IllegalStateException(impossible);
            }
        }
    }
}
