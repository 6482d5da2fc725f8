package dev.runledger;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks methods whose result has to be used. On a class it marks all of its methods.
 *
 * <p>Error Prone, SpotBugs and IDEs know the annotation by its simple name, so an application needs no further dependency to be warned.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface CheckReturnValue {}
