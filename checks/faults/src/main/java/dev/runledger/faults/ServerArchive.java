package dev.runledger.faults;

import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import io.zonky.test.db.postgres.util.ArchUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * One PostgreSQL of the several on the class path, each known by the version in the name of its jar.
 *
 * <p>The archives in the jars all have the same name, for which zonky's own resolver refuses to choose. A record,
 * because zonky unpacks once for each resolver that is not equal to one it has seen.
 *
 * @param version as in {@code 14.22.0}, or its beginning up to a dot; empty for the first on the class path
 */
record ServerArchive(String version) implements PgBinaryResolver {
    @Override
    public InputStream getPgBinary(String system, String machineHardware) throws IOException {
        String name = "postgres-%s-%s.txz"
                .formatted(system.toLowerCase(Locale.ROOT), ArchUtils.normalize(machineHardware))
                .toLowerCase(Locale.ROOT);
        List<URL> all = Collections.list(getClass().getClassLoader().getResources(name));
        URL chosen = all.stream()
                .filter(url -> version.isEmpty() || url.getPath().contains("-" + version + "."))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No PostgreSQL '" + version + "' among " + all));
        return chosen.openStream();
    }
}
