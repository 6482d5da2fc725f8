package dev.runledger.testkit;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Reads every text of a class file. ArchUnit knows fields, calls and annotations, but not the strings in the bodies of methods.
 *
 * <p>It reads the UTF-8 entries of the constant pool (JVMS 4.4), which has all strings: literals, constants of other classes that the
 * compiler copied, the values of annotations, and the fixed parts of a concatenation. It has names and descriptors as well; they have
 * slashes instead of the dots of a package.
 */
final class ClassTexts {
    private static final int MAGIC = 0xCAFEBABE;

    private ClassTexts() {}

    /** Returns the texts of this class, in their order. Its nested classes are classes of their own. */
    static Set<String> of(JavaClass type) {
        URL url = type.getSource()
                .map(source -> toUrl(source.getUri()))
                .orElseThrow(() -> new IllegalArgumentException("the class file of " + type.getName()
                        + " cannot be read: expected classes imported from files"));
        try {
            URLConnection connection = url.openConnection();
            connection.setUseCaches(false); // a cached jar would stay open
            try (InputStream file = connection.getInputStream()) {
                return read(new DataInputStream(new BufferedInputStream(file)));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("the class file of " + type.getName() + " cannot be read", unreadable);
        }
    }

    private static URL toUrl(URI uri) {
        try {
            return uri.toURL();
        } catch (IOException noAddress) {
            throw new UncheckedIOException(noAddress);
        }
    }

    private static Set<String> read(DataInputStream file) throws IOException {
        if (file.readInt() != MAGIC) {
            throw new IOException("no class file");
        }
        file.readInt(); // the version
        Set<String> texts = new LinkedHashSet<>();
        int entries = file.readUnsignedShort();
        for (int entry = 1; entry < entries; entry++) {
            int tag = file.readUnsignedByte();
            switch (tag) {
                case 1 -> texts.add(file.readUTF());
                case 5, 6 -> { // a long or a double takes two entries
                    file.skipNBytes(8);
                    entry++;
                }
                case 3, 4, 9, 10, 11, 12, 17, 18 -> file.skipNBytes(4);
                case 7, 8, 16, 19, 20 -> file.skipNBytes(2);
                case 15 -> file.skipNBytes(3);
                default -> throw new IOException("constant pool entry " + entry + " has the unknown tag " + tag);
            }
        }
        return texts;
    }
}
