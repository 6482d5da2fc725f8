package dev.runledger.redact;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The shapes of secrets that are known. The code of each is stable: an application disables a shape by it, and the refusal of a name
 * says it.
 */
enum Shape {
    NAMED_VALUE("named-value", "a value under a secret's name"),
    NAME_VALUE_PAIR("name-value-pair", "a pair of a secret's name and its value"),
    XML_ELEMENT("xml-element", "an XML element with a secret's name"),
    COMMAND_OPTION("command-option", "a command line with a secret"),
    HTTP_AUTHORIZATION("http-authorization", "HTTP credentials"),
    HTTP_COOKIE("http-cookie", "an HTTP cookie"),
    URL_PASSWORD("url-password", "a URL with a password"),
    PRIVATE_KEY("private-key", "a private key"),
    JSON_WEB_TOKEN("json-web-token", "a JSON web token"),
    CARD_NUMBER("card-number", "a payment card number"),

    AGE_KEY("age-key", "an age key"),
    ANTHROPIC_KEY("anthropic-key", "an Anthropic key"),
    ATLASSIAN_TOKEN("atlassian-token", "an Atlassian token"),
    AWS_ACCESS_KEY("aws-access-key", "an AWS access key"),
    DATABRICKS_TOKEN("databricks-token", "a Databricks token"),
    DIGITALOCEAN_TOKEN("digitalocean-token", "a DigitalOcean token"),
    DISCORD_WEBHOOK("discord-webhook", "a Discord webhook"),
    DOCKER_TOKEN("docker-token", "a Docker token"),
    DOPPLER_TOKEN("doppler-token", "a Doppler token"),
    FIGMA_TOKEN("figma-token", "a Figma token"),
    GITHUB_TOKEN("github-token", "a GitHub token"),
    GITLAB_TOKEN("gitlab-token", "a GitLab token"),
    GOOGLE_KEY("google-key", "a Google key"),
    GRAFANA_TOKEN("grafana-token", "a Grafana token"),
    GROQ_KEY("groq-key", "a Groq key"),
    HEROKU_KEY("heroku-key", "a Heroku key"),
    HUGGING_FACE_TOKEN("hugging-face-token", "a Hugging Face token"),
    LINEAR_KEY("linear-key", "a Linear key"),
    MAILGUN_KEY("mailgun-key", "a Mailgun key"),
    NEW_RELIC_KEY("new-relic-key", "a New Relic key"),
    NOTION_TOKEN("notion-token", "a Notion token"),
    NPM_TOKEN("npm-token", "an npm token"),
    NVIDIA_KEY("nvidia-key", "an NVIDIA key"),
    OPENAI_KEY("openai-key", "an OpenAI key"),
    PERPLEXITY_KEY("perplexity-key", "a Perplexity key"),
    PULUMI_TOKEN("pulumi-token", "a Pulumi token"),
    PYPI_TOKEN("pypi-token", "a PyPI token"),
    REPLICATE_TOKEN("replicate-token", "a Replicate token"),
    RUBYGEMS_KEY("rubygems-key", "a RubyGems key"),
    SENDGRID_KEY("sendgrid-key", "a SendGrid key"),
    SENTRY_TOKEN("sentry-token", "a Sentry token"),
    SHOPIFY_TOKEN("shopify-token", "a Shopify token"),
    SLACK_TOKEN("slack-token", "a Slack token"),
    SLACK_WEBHOOK("slack-webhook", "a Slack webhook"),
    SQUARE_TOKEN("square-token", "a Square token"),
    STRIPE_KEY("stripe-key", "a Stripe key"),
    TAILSCALE_KEY("tailscale-key", "a Tailscale key"),
    TEAMS_WEBHOOK("teams-webhook", "a Microsoft Teams webhook"),
    TELEGRAM_TOKEN("telegram-token", "a Telegram bot token"),
    TWILIO_KEY("twilio-key", "a Twilio key"),
    VAULT_TOKEN("vault-token", "a Vault token"),
    XAI_KEY("xai-key", "an xAI key");

    private final String code;
    private final String phrase;

    Shape(String code, String phrase) {
        this.code = code;
        this.phrase = phrase;
    }

    /** Returns the name by which it is documented and disabled. */
    String code() {
        return code;
    }

    /** Returns what a text with this shape looks like. */
    String phrase() {
        return phrase;
    }

    /** Returns the shape with this code, or throws with the list of those that are known. */
    static Shape of(String code) {
        return Arrays.stream(values())
                .filter(shape -> shape.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("shape '%s' is not known, expected one of %s"
                        .formatted(
                                Text.clean(code, 64),
                                Arrays.stream(values()).map(Shape::code).collect(Collectors.joining(", ")))));
    }
}
