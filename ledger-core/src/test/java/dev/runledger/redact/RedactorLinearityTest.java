package dev.runledger.redact;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No text makes redaction take more than linear time: what is quadratic takes minutes here, what is linear takes milliseconds. */
class RedactorLinearityTest {
    private static final int LENGTH = 1 << 18;

    /** Beginnings of shapes, whole and broken off, and what comes between them. */
    private static final List<String> HOSTILE =
            List.of("""
            eyJ|eyJ-|eyJ |eyJaaaaaaaaaaaaaaaaaaaaaaaa |eyJ.|eyJaaaaaaaaaaaaaaaaaaaa.|eyJaaaaaaaaaaaaaaaaaaaa..|
            a:|abc:|pwd:|pwd: |pwd:,|pwd=,|pwd=null,|password|password=|password="|password: is |password: must not |
            token:|token: |token=[|token={|token=""|auth:|auth: |auth=|auth=[|auth="|auth='|auth="auth='|auth=\\"|auth=\\\\"|
            pwd=${|pwd=<a>|pwd: \u2424|http://|://|://a@|://a:|://a:b@|://a:?|://a:#@|://?@|://@sha256:|:oracle:thin:|
            -----BEGIN |-----BEGIN PRIVATE KEY-----|-----BEGIN A PRIVATE KEY-----[redacted]|-----END |
            -|--|--_|--_a|--password |-p | -p| -u a:|curl -u |curl -u a:b |mysql -p|sshpass -p|login -p |redis-cli -a |
            "|\\|\\"|'|`|<|< |<a|<a>|<password>|<password>x|<password|<a b=|<name>|<name>password</name>|<value>|
            name=|name=password |name=password value=|"name":"password",|key="password">|key="auth">|
            4|4444-|4 |1|1//0|12345678:AA|123456789:|4111 1111 1111 1111 |
            Bearer |Bearer a|Bearer 1|Basic aa1|Basic dXNlcjpw|Digest |Digest username="|AWS4-HMAC-SHA256 Credential=|Negotiate |
            Authorization: |authorization: is |authorization: Bearer |authorization: Digest |authorization: Digest a="|authorization=[|
            Cookie: |Cookie: a=|Cookie: a |Cookie=[|cookie: {|Set-Cookie: a="|
            =|= |=>|:=|::|==|[|]|{|}|[{|(|)|*|**|~|@|&|?|#|[redacted]|password=[redacted]|password=[redacted],|
            \u00e4|\u00e4=|\u3000|\u3000=|pass\u0301word=|a=b&|{"password":"x"},|X-Auth-Token: |-Dpassword=|session=|tokens=[a,|
            pwd:\u2424|x-api-key: a\u2424|Authorization: a\u2424|Authorization: a |Cookie: a=b\u2424|Bearer a1b2c3d4 |password=x |password: x\u2424|
            Cookie: a=b "|Cookie: a=b "Cookie: a=|Cookie: a=b --password |Cookie: a=b password:\u2424|Authorization: abc123xyz Cookie: a={|
            password: --token |password: --token "|password=pwd=|Authorization: a1b2c3d4 curl -u '|
            """.replace("\n", "").replace('\u2424', '\n').split("\\|"));

    static Stream<String> seeds() {
        Stream<String> prefixes = IssuedKeys.prefixes()
                .distinct()
                .flatMap(prefix -> Stream.of(prefix, prefix + "a", prefix + "1", prefix + "a-", prefix + "a "));
        return Stream.concat(HOSTILE.stream(), prefixes);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aTextOfOneShapeIsReadInOnePass(String seed) {
        String hostile = seed.repeat(LENGTH / seed.length());
        String fourth = hostile.substring(0, hostile.length() / 4);
        long less = bestOf(fourth);
        long whole = bestOf(hostile);
        // A quadratic pass takes sixteen times as long for four times the text.
        // The floor keeps the grain of the clock and the work of the collector out of it.
        assertThat(whole).isLessThan(Math.max(8 * less, 100_000_000L));
    }

    /** CPU time of this thread, so that a busy machine does not matter. */
    private static long bestOf(String text) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Redactor.standard().redact(text);
            best = Math.min(best, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);
        }
        return best;
    }
}
