package dev.runledger.failure;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Asks an object for what a public method without parameters answers, when its class is not on our class path. */
final class ReflectiveGetters {
    private ReflectiveGetters() {}

    /** The answer; null where there is no such method, it cannot be called from here, or it throws. */
    static @Nullable Object of(Object object, String method) {
        Object answered = null;
        for (Class<?> type = object.getClass(); type != null && answered == null; type = type.getSuperclass()) {
            if (Modifier.isPublic(type.getModifiers())) { // a public method of a hidden class cannot be called
                try {
                    Method getter = type.getMethod(method);
                    answered = getter.invoke(object);
                } catch (Throwable notHere) {
                    answered = null; // the next class up may have it
                }
            }
        }
        return answered;
    }
}
