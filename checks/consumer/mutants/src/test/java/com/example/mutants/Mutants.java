package com.example.mutants;

import java.util.List;
import java.util.stream.Stream;

/** All mutants. */
final class Mutants {
    private Mutants() {}

    static List<Mutant> all() {
        return Stream.of(
                        ImportsMutants.all(),
                        ShiftsMutants.all(),
                        ExportsMutants.all(),
                        OrdersMutants.all(),
                        ListenersMutants.all(),
                        UpkeepMutants.all())
                .flatMap(List::stream)
                .toList();
    }
}
