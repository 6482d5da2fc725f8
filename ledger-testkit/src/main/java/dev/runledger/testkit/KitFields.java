package dev.runledger.testkit;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.junit.platform.commons.support.AnnotationSupport;

/** Fills the fields of a test that ask for something of its kit. */
final class KitFields {
    private KitFields() {}

    static void fill(Object test, LedgerKit kit) {
        for (Field field : AnnotationSupport.findAnnotatedFields(test.getClass(), FromKit.class)) {
            if (Modifier.isStatic(field.getModifiers()) || Modifier.isFinal(field.getModifiers())) {
                throw new IllegalStateException(
                        "field %s has @FromKit: expected neither static nor final".formatted(field));
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
