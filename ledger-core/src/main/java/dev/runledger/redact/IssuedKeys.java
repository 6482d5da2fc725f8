package dev.runledger.redact;

import static dev.runledger.redact.Shape.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys that their issuers mark by a prefix, each with the alphabet and the length of what follows. Both are those that the issuers
 * publish, with room below for a key that was cut. A look reads no more than the least length, unless it found a key.
 */
final class IssuedKeys {
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String UPPER_CASE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String DIGITS = "0123456789";
    private static final int ANY = Integer.MAX_VALUE;
    private static final int PROOF = 16;
    private static final int SLOTS = 1 << 12;

    /** What the rest of a key is made of. */
    private enum Alphabet {
        UPPER(UPPER_CASE + DIGITS),
        HEX(DIGITS + "abcdefABCDEF"),
        ALPHANUMERIC(LOWER + UPPER_CASE + DIGITS),
        WORD(LOWER + UPPER_CASE + DIGITS + "_"),
        URL64(LOWER + UPPER_CASE + DIGITS + "-_"),
        DOTTED(LOWER + UPPER_CASE + DIGITS + "-_."),
        BASE64(LOWER + UPPER_CASE + DIGITS + "+/=-_"),
        ESCAPED(LOWER + UPPER_CASE + DIGITS + "%+/=-_"),
        PATH(LOWER + UPPER_CASE + DIGITS + "-_/@:");

        private final boolean[] characters = new boolean[128];

        Alphabet(String characters) {
            characters.chars().forEach(c -> this.characters[c] = true);
        }

        boolean has(char c) {
            return c < 128 && characters[c];
        }
    }

    /**
     * One kind of key.
     *
     * @param least the least number of characters after the prefix
     * @param most the largest number of them
     */
    record Key(Shape shape, String prefix, Alphabet alphabet, int least, int most) {
        /** Returns the end of the key whose prefix stands here, or -1. What proves it is not read far: another prefix may start in it. */
        int endAt(String text, int at, DigitsAhead digitsAhead) {
            int from = at + prefix.length();
            if (from + least > text.length()) {
                return -1;
            }
            int last = Math.min(text.length(), from + Math.min(most, least + PROOF) + 1);
            boolean digitless = alphabet == Alphabet.ALPHANUMERIC || prefix.equals("AKIA");
            if (!digitless && !digitsAhead.between(from, last)) {
                return -1;
            }
            int end = from;
            int digits = 0;
            int upper = 0;
            while (end < last && alphabet.has(text.charAt(end))) {
                digits += Chars.isDigit(text.charAt(end)) ? 1 : 0;
                upper += Chars.isUpper(text.charAt(end)) ? 1 : 0;
                end++;
            }
            int length = end - from;
            if (length < least || length > most || (most < ANY && endsInside(text, end))) {
                return -1;
            }
            // An ordinary name has no digit, nor both cases in a run of letters this long.
            boolean mixed = digitless && (upper == length || (upper > 1 && upper < length - 1));
            if (digits == 0 && !mixed) {
                return -1;
            }
            while (end < text.length() && alphabet.has(text.charAt(end))) {
                end++;
            }
            return end;
        }

        /** Returns whether the prefix stands here. The first three letters of many are the same, so the fourth is asked first. */
        boolean startsAt(String text, int at) {
            boolean may = prefix.length() < 4 || (at + 3 < text.length() && text.charAt(at + 3) == prefix.charAt(3));
            return may && text.startsWith(prefix, at);
        }

        private static boolean endsInside(String text, int end) {
            return end < text.length() && Chars.isAlphanumeric(text.charAt(end));
        }

        /** Returns where the secret begins: the address of a webhook stays readable. */
        int secretAt(int at) {
            return prefix.indexOf('/') > 1 ? at + prefix.length() : at;
        }
    }

    private static final Key[] @Nullable [] BY_START = byStart();

    private IssuedKeys() {}

    static Stream<String> prefixes() {
        return Arrays.stream(BY_START)
                .filter(Objects::nonNull)
                .flatMap(Arrays::stream)
                .map(Key::prefix);
    }

    /** Returns whether a prefix stands here, which must start a word: a quick no for most words. */
    static boolean mayStart(String text, int at) {
        Key[] candidates = candidates(text, at);
        if (candidates != null) {
            for (Key key : candidates) {
                if (key.startsAt(text, at)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns the kind of the key that starts here, or null if none does. */
    static @Nullable Key keyAt(String text, int at, DigitsAhead digits) {
        Key[] candidates = candidates(text, at);
        if (candidates != null) {
            for (Key key : candidates) {
                if (key.startsAt(text, at) && key.endAt(text, at, digits) >= 0) {
                    return key;
                }
            }
        }
        return null;
    }

    /** Returns the token of a Telegram bot that starts with the digits here, or null: its number, a colon, and 35 characters. */
    static @Nullable Span telegramAt(String text, int at) {
        int colon = at;
        while (colon < text.length() && colon - at <= 10 && Chars.isDigit(text.charAt(colon))) {
            colon++;
        }
        if (colon - at < 8 || !text.startsWith(":AA", colon)) {
            return null;
        }
        int end = Chars.endOfUrl64(text, colon + 1);
        return end - colon >= 34 ? new Span(at, end) : null;
    }

    private static Key @Nullable [] candidates(String text, int at) {
        return at + 2 < text.length()
                ? BY_START[slot(text.charAt(at), text.charAt(at + 1), text.charAt(at + 2))]
                : null;
    }

    /** Three letters of other keys may have the same slot; that a prefix stands there is always asked. */
    private static int slot(char first, char second, char third) {
        return (first * 961 + second * 31 + third) & (SLOTS - 1);
    }

    private static Key[] @Nullable [] byStart() {
        List<Key> keys = new ArrayList<>();
        forges(keys);
        clouds(keys);
        models(keys);
        services(keys);
        keys.sort(Comparator.comparing((Key key) -> key.prefix.length()).reversed());
        Key[] @Nullable [] byStart = new Key[SLOTS][];
        for (Key key : keys) {
            for (char third = 0; third < 128; third++) {
                if (key.prefix.length() > 2 ? key.prefix.charAt(2) == third : key.alphabet.has(third)) {
                    int slot = slot(key.prefix.charAt(0), key.prefix.charAt(1), third);
                    byStart[slot] = with(byStart[slot], key);
                }
            }
        }
        return byStart;
    }

    private static Key[] with(Key @Nullable [] keys, Key key) {
        Key[] longer = keys == null ? new Key[1] : Arrays.copyOf(keys, keys.length + 1);
        longer[longer.length - 1] = key;
        return longer;
    }

    private static void forges(List<Key> keys) {
        add(keys, GITHUB_TOKEN, Alphabet.ALPHANUMERIC, 20, "ghp_", "gho_", "ghu_", "ghs_", "ghr_");
        add(keys, GITHUB_TOKEN, Alphabet.WORD, 22, "github_pat_");
        add(
                keys,
                GITLAB_TOKEN,
                Alphabet.DOTTED,
                16,
                "glpat-",
                "gldt-",
                "glrt-",
                "glcbt-",
                "glptt-",
                "glft-",
                "glsoat-");
        add(keys, GITLAB_TOKEN, Alphabet.DOTTED, 16, "glimt-", "glagent-", "gloas-", "glffct-", "glwt-", "GR1348941");
        add(keys, ATLASSIAN_TOKEN, Alphabet.BASE64, 24, "ATATT3x", "ATCTT3x", "ATBB");
        add(keys, DOCKER_TOKEN, Alphabet.URL64, 20, "dckr_pat_", "dckr_oat_");
        add(keys, NPM_TOKEN, Alphabet.ALPHANUMERIC, 30, "npm_");
        add(keys, PYPI_TOKEN, Alphabet.URL64, 40, "pypi-");
        add(keys, RUBYGEMS_KEY, Alphabet.HEX, 40, "rubygems_");
        add(keys, LINEAR_KEY, Alphabet.ALPHANUMERIC, 30, "lin_api_", "lin_oauth_");
        add(keys, FIGMA_TOKEN, Alphabet.URL64, 36, "figd_");
        add(keys, NOTION_TOKEN, Alphabet.ALPHANUMERIC, 40, "secret_", "ntn_");
    }

    private static void clouds(List<Key> keys) {
        keys.add(new Key(AWS_ACCESS_KEY, "AKIA", Alphabet.UPPER, 16, 16));
        keys.add(new Key(AWS_ACCESS_KEY, "ASIA", Alphabet.UPPER, 16, 16));
        keys.add(new Key(GOOGLE_KEY, "AIza", Alphabet.URL64, 30, 40));
        add(keys, GOOGLE_KEY, Alphabet.URL64, 24, "GOCSPX-", "1//0");
        add(keys, GOOGLE_KEY, Alphabet.DOTTED, 20, "ya29.");
        add(keys, DIGITALOCEAN_TOKEN, Alphabet.HEX, 40, "dop_v1_", "doo_v1_", "dor_v1_");
        add(keys, VAULT_TOKEN, Alphabet.URL64, 24, "hvs.", "hvb.", "hvr.");
        add(keys, PULUMI_TOKEN, Alphabet.HEX, 40, "pul-");
        add(keys, DATABRICKS_TOKEN, Alphabet.HEX, 32, "dapi");
        add(keys, DOPPLER_TOKEN, Alphabet.DOTTED, 40, "dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit.");
        add(keys, TAILSCALE_KEY, Alphabet.URL64, 20, "tskey-");
        add(keys, HEROKU_KEY, Alphabet.URL64, 30, "HRKU-");
        add(keys, AGE_KEY, Alphabet.UPPER, 50, "AGE-SECRET-KEY-1");
    }

    private static void models(List<Key> keys) {
        add(keys, ANTHROPIC_KEY, Alphabet.URL64, 20, "sk-ant-");
        add(keys, OPENAI_KEY, Alphabet.URL64, 24, "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-");
        add(keys, OPENAI_KEY, Alphabet.ALPHANUMERIC, 20, "sk-", "sk-or-v1-");
        add(keys, HUGGING_FACE_TOKEN, Alphabet.ALPHANUMERIC, 30, "hf_", "api_org_");
        add(keys, GROQ_KEY, Alphabet.ALPHANUMERIC, 40, "gsk_");
        add(keys, XAI_KEY, Alphabet.ALPHANUMERIC, 40, "xai-");
        add(keys, PERPLEXITY_KEY, Alphabet.ALPHANUMERIC, 40, "pplx-");
        add(keys, NVIDIA_KEY, Alphabet.URL64, 40, "nvapi-");
        add(keys, REPLICATE_TOKEN, Alphabet.ALPHANUMERIC, 30, "r8_");
    }

    private static void services(List<Key> keys) {
        add(
                keys,
                SLACK_TOKEN,
                Alphabet.URL64,
                10,
                "xoxa-",
                "xoxb-",
                "xoxc-",
                "xoxp-",
                "xoxr-",
                "xoxs-",
                "xapp-",
                "xoxe-");
        add(keys, SLACK_TOKEN, Alphabet.URL64, 10, "xoxe.xoxp-", "xoxe.xoxb-");
        add(keys, SLACK_TOKEN, Alphabet.ESCAPED, 20, "xoxd-");
        add(keys, SLACK_WEBHOOK, Alphabet.PATH, 20, "hooks.slack.com/services/", "hooks.slack.com/workflows/");
        add(keys, SLACK_WEBHOOK, Alphabet.PATH, 20, "hooks.slack.com/triggers/");
        add(keys, DISCORD_WEBHOOK, Alphabet.PATH, 30, "discord.com/api/webhooks/", "discordapp.com/api/webhooks/");
        add(keys, TEAMS_WEBHOOK, Alphabet.PATH, 30, "webhook.office.com/webhookb2/");
        add(keys, TELEGRAM_TOKEN, Alphabet.PATH, 30, "api.telegram.org/bot");
        add(keys, STRIPE_KEY, Alphabet.ALPHANUMERIC, 16, "sk_live_", "sk_test_", "rk_live_", "rk_test_");
        add(keys, STRIPE_KEY, Alphabet.BASE64, 24, "whsec_");
        add(keys, SENDGRID_KEY, Alphabet.DOTTED, 40, "SG.");
        add(keys, GRAFANA_TOKEN, Alphabet.WORD, 32, "glsa_");
        add(keys, GRAFANA_TOKEN, Alphabet.BASE64, 32, "glc_", "eyJrIjoi");
        add(keys, SHOPIFY_TOKEN, Alphabet.HEX, 32, "shpat_", "shpss_", "shpca_", "shppa_");
        add(keys, SENTRY_TOKEN, Alphabet.BASE64, 40, "sntrys_", "sntryu_");
        add(keys, SQUARE_TOKEN, Alphabet.URL64, 22, "sq0atp-", "sq0csp-");
        add(keys, NEW_RELIC_KEY, Alphabet.UPPER, 27, "NRAK-");
        keys.add(new Key(MAILGUN_KEY, "key-", Alphabet.HEX, 32, 32));
        keys.add(new Key(TWILIO_KEY, "SK", Alphabet.HEX, 32, 32));
    }

    private static void add(List<Key> keys, Shape shape, Alphabet alphabet, int least, String... prefixes) {
        for (String prefix : prefixes) {
            keys.add(new Key(shape, prefix, alphabet, least, ANY));
        }
    }
}
