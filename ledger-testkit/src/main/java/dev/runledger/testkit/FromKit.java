package dev.runledger.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A field of a test class that {@link LedgerExtension} fills before each test, by its type: {@link LedgerKit} or anything that a kit
 * gives out. It is neither static nor final.
 */
@Documented
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface FromKit {}
