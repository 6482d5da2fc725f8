package dev.runledger;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names the process that a ledger is in: a name that people know, and a part that no other ledger has. */
final class InstanceId {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private InstanceId() {}

    /** Returns the name after checking it. */
    static String checked(String name) {
        if (!NAME.matcher(Objects.requireNonNull(name, "instance")).matches()) {
            throw new IllegalArgumentException(
                    "instance is '%.128s', expected 1 to 100 characters out of A-Z a-z 0-9 . _ -".formatted(name));
        }
        return name;
    }

    /** Returns the name of the host, if the environment has it. */
    static String hostName() {
        return Stream.of("HOSTNAME", "COMPUTERNAME")
                .map(System::getenv)
                .filter(name -> name != null && NAME.matcher(name).matches())
                .findFirst()
                .orElse("instance");
    }

    /** Returns a new id, so that a process that was started again is another one. */
    static String of(String name) {
        return name + ':' + HexFormat.of().toHexDigits(new SecureRandom().nextInt());
    }
}
