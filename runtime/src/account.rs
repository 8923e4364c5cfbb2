//! The account that a run sees: who it is, its connections, and its stored configs and links.

use crate::Value;
use crate::http::{Header, percent_encoded};
use crate::value::Object;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use zisc_bundle::json::{Json, Member, Value as Read};
use zisc_bundle::{Problem, ProblemKind, Span, nearest};

/// An account.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// Its number.
    pub account_id: Value,
    /// `example` of `example.zendesk.com`.
    pub subdomain: String,
    /// The integration's key, where the account says one.
    pub integration_key: Option<String>,
    /// Connections by name.
    pub connections: IndexMap<String, Connection>,
    /// Configs by scope, in the order they were stored.
    pub configs: IndexMap<String, Value>,
    /// Links in the order they were stored.
    pub links: Vec<Value>,
}

impl Default for Account {
    /// Account 12345 with the subdomain `example`, and nothing in it.
    fn default() -> Self {
        Self {
            account_id: Value::Integer(12345),
            subdomain: "example".to_owned(),
            integration_key: None,
            connections: IndexMap::new(),
            configs: IndexMap::new(),
            links: Vec::new(),
        }
    }
}

/// Credentials for requests to one system.
#[derive(Clone, PartialEq, Eq)]
pub struct Connection {
    /// What is sent.
    pub credential: Credential,
    /// The only host that the credentials may go to; `*.example.com` covers its subdomains.
    pub allowed_domain: Option<String>,
}

/// The four types of connections.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// `Authorization: Bearer` with the access token.
    OAuth {
        /// The token.
        access_token: String,
    },
    /// `Authorization: Bearer` with the token.
    BearerToken {
        /// The token.
        token: String,
    },
    /// `Authorization: Basic` with both.
    BasicAuth {
        /// The name of the user.
        username: String,
        /// The password.
        password: String,
    },
    /// A header of its own.
    ApiKey {
        /// The name of the header.
        header_name: String,
        /// The key.
        api_key: String,
    },
}

impl std::fmt::Debug for Connection {
    /// Without the credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("allowed_domain", &self.allowed_domain).finish_non_exhaustive()
    }
}

impl Connection {
    /// The header that authenticates a request (support article on connections).
    pub(crate) fn header(&self) -> Header {
        let authorization = |value: String| Header { name: "Authorization".to_owned(), value, secret: true };
        match &self.credential {
            Credential::OAuth { access_token: token } | Credential::BearerToken { token } => {
                authorization(format!("Bearer {token}"))
            }
            Credential::BasicAuth { username, password } => {
                authorization(format!("Basic {}", STANDARD.encode(format!("{username}:{password}"))))
            }
            Credential::ApiKey { header_name, api_key } => {
                Header { name: header_name.clone(), value: api_key.clone(), secret: true }
            }
        }
    }

    /// Whether credentials may go to this host.
    pub(crate) fn allows(&self, host: &str) -> bool {
        let Some(domain) = &self.allowed_domain else { return true };
        let (host, domain) = (host.to_ascii_lowercase(), domain.to_ascii_lowercase());
        match domain.strip_prefix("*.") {
            Some(base) => host == base || host.ends_with(&format!(".{base}")),
            None => host == domain,
        }
    }

    /// Everything that must not be shown, in the forms in which it may turn up.
    fn secrets(&self) -> Vec<String> {
        // A name such as "me" stands in half of all texts; hiding it there would hide nothing else.
        const TELLING_NAME: usize = 5;
        // In JSON that stands in a text, a quote or a backslash is written with a backslash before it.
        let quoted = |secret: &str| {
            let json = Value::from(secret).to_json();
            json[1..json.len() - 1].to_owned()
        };
        let forms =
            |secret: &str| [secret.to_owned(), STANDARD.encode(secret), percent_encoded(secret), quoted(secret)];
        match &self.credential {
            Credential::OAuth { access_token: secret }
            | Credential::BearerToken { token: secret }
            | Credential::ApiKey { api_key: secret, .. } => forms(secret).into(),
            Credential::BasicAuth { username, password } => {
                let name = Some(username).filter(|name| name.len() >= TELLING_NAME);
                let both = STANDARD.encode(format!("{username}:{password}"));
                forms(password).into_iter().chain(name.into_iter().flat_map(|name| forms(name))).chain([both]).collect()
            }
        }
    }
}

impl Account {
    /// Takes an account from JSON. `environment` gives the values of `{"from_env": "NAME"}`.
    pub fn read(json: &Json, environment: &dyn Fn(&str) -> Option<String>) -> (Self, Vec<Problem>) {
        let mut reader = Reader { environment, problems: Vec::new() };
        let account = reader.account(json);
        (account, reader.problems)
    }

    /// Every secret of the account, in the forms in which it may turn up.
    pub(crate) fn secrets(&self) -> Vec<String> {
        self.connections.values().flat_map(Connection::secrets).collect()
    }

    /// `$.connections`: the access tokens of OAuth connections (from older documentation and samples; new bundles use
    /// `connectionName`).
    pub(crate) fn connections_in_data(&self) -> Option<Object> {
        let tokens: Object = self
            .connections
            .iter()
            .filter_map(|(name, connection)| match &connection.credential {
                Credential::OAuth { access_token } => {
                    Some((name.as_str().into(), Value::object([("access_token", Value::from(access_token.as_str()))])))
                }
                Credential::BearerToken { .. } | Credential::BasicAuth { .. } | Credential::ApiKey { .. } => None,
            })
            .collect();
        (!tokens.is_empty()).then_some(tokens)
    }
}

/// Whether a connection may be allowed for this: a host, or `*.` and a host of more than one part (support article on
/// connections). That `*.co.uk` is refused as well needs a list that this program does not have.
fn is_domain(text: &str) -> bool {
    const LONGEST: usize = 128;
    const LONGEST_PART: usize = 63;
    let (host, fewest) = text.strip_prefix("*.").map_or((text, 1), |host| (host, 2));
    let part =
        |part: &str| (1..=LONGEST_PART).contains(&part.len()) && part.chars().all(|c| c.is_alphanumeric() || c == '-');
    text.len() <= LONGEST && host.split('.').count() >= fewest && host.split('.').all(part)
}

/// Whether an API key may be sent in this header (support article on connections).
fn is_free_header(name: &str) -> bool {
    const LONGEST: usize = 128;
    const TAKEN: &[&str] = &[
        "accept",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "connection",
        "content-md5",
        "cookie",
        "date",
        "expect",
        "from",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "max-forwards",
        "pragma",
        "proxy-authenticate",
        "proxy-authorization",
        "range",
        "server",
        "referer",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
        "warning",
        "www-authenticate",
    ];
    const TAKEN_BEGINNINGS: &[&str] = &["x-amz-", "x-amzn-", "x-forwarded-", "x-zis-"];
    let lower = name.to_ascii_lowercase();
    (1..=LONGEST).contains(&name.len())
        && lower.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'_'))
        && !TAKEN.contains(&lower.as_str())
        && !TAKEN_BEGINNINGS.iter().any(|beginning| lower.starts_with(beginning))
}

struct Reader<'a> {
    environment: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem {
            kind: ProblemKind::Unusable,
            message: message.into(),
            help: Some(help.into()),
            span,
            instead: None,
        });
    }

    fn account(&mut self, json: &Json) -> Account {
        const MEMBERS: &[&str] =
            &["account_id", "subdomain", "integration_key", "connections", "configs", "links", "jwt", "comment"];
        let mut account = Account::default();
        let Some(members) = json.as_object() else {
            let help = "write { \"subdomain\": \"example\", \"connections\": { … } }";
            self.problem(json.span, format!("an account is an object, and this is {}", json.kind()), help);
            return account;
        };
        for Member { key, value } in members {
            match key.as_str() {
                "account_id" => account.account_id = Value::from(value),
                "subdomain" => account.subdomain = self.text(value, "subdomain"),
                "integration_key" => account.integration_key = Some(self.text(value, "integration_key")),
                "connections" => account.connections = self.connections(value),
                "configs" => {
                    let configs = self.members(value, "configs");
                    account.configs =
                        configs.iter().map(|member| (member.key.value.clone(), Value::from(&member.value))).collect();
                }
                "links" => match value.as_array() {
                    Some(links) => account.links = links.iter().map(Value::from).collect(),
                    None => self.problem(
                        value.span,
                        format!("`links` is an array, and this is {}", value.kind()),
                        "put the links in [ ]",
                    ),
                },
                "jwt" | "comment" => {}
                other => {
                    let help = match nearest(other, MEMBERS.iter().copied()) {
                        Some(name) => format!("did you mean `{name}`?"),
                        None => {
                            "an account has `account_id`, `subdomain`, `connections`, `configs` and `links`".to_owned()
                        }
                    };
                    self.problem(key.span, format!("an account has no member `{other}`"), help);
                }
            }
        }
        account
    }

    fn connections(&mut self, json: &Json) -> IndexMap<String, Connection> {
        let members = self.members(json, "connections");
        members
            .iter()
            .filter_map(|member| Some((member.key.value.clone(), self.connection(&member.key, &member.value)?)))
            .collect()
    }

    fn connection(&mut self, name: &str, json: &Json) -> Option<Connection> {
        if json.as_object().is_none() {
            self.problem(
                json.span,
                format!("connection `{name}` is an object, and this is {}", json.kind()),
                "write { \"type\": \"oauth\", \"access_token\": \"…\" }",
            );
            return None;
        }
        let kind = json.get("type").and_then(Json::as_str).unwrap_or_default().to_owned();
        let mut secret = |key: &str| self.secret(json, name, key);
        let credential = match kind.as_str() {
            "oauth" => Credential::OAuth { access_token: secret("access_token")? },
            "bearer_token" => Credential::BearerToken { token: secret("token")? },
            "basic_auth" => Credential::BasicAuth { username: secret("username")?, password: secret("password")? },
            "api_key" => Credential::ApiKey { header_name: secret("header_name")?, api_key: secret("api_key")? },
            _ => {
                let span = json.get("type").map_or(json.span, |json| json.span);
                let message = match kind.as_str() {
                    "" => format!("connection `{name}` does not say its `type`"),
                    kind => format!("`{kind}` is no type of connection"),
                };
                self.problem(span, message, "a connection is of type oauth, bearer_token, basic_auth or api_key");
                return None;
            }
        };
        if let (Credential::ApiKey { header_name, .. }, Some(value)) = (&credential, json.get("header_name"))
            && !is_free_header(header_name)
        {
            let message = format!("the platform keeps no connection whose header is `{header_name}`");
            let help = "a header has letters, `-` and `_`, and is none that belongs to HTTP or to the platform";
            self.problem(value.span, message, help);
        }
        let allowed_domain = json.get("allowed_domain").map(|domain| {
            let text = self.text(domain, "allowed_domain");
            if !is_domain(&text) {
                let help = "write a host such as `api.example.com`, or `*.example.com` for it and all below it";
                self.problem(domain.span, format!("the platform allows no domain `{text}`"), help);
            }
            text
        });
        Some(Connection { credential, allowed_domain })
    }

    /// A text, or `{"from_env": "NAME"}`.
    fn secret(&mut self, json: &Json, connection: &str, key: &str) -> Option<String> {
        let Some(value) = json.get(key) else {
            self.problem(
                json.span,
                format!("connection `{connection}` has no `{key}`"),
                format!("add \"{key}\": \"…\", or {{ \"from_env\": \"NAME\" }} to keep it out of the file"),
            );
            return None;
        };
        if let Some(text) = value.as_str() {
            return Some(text.to_owned());
        }
        let Some(variable) = value.get("from_env").and_then(Json::as_str) else {
            self.problem(
                value.span,
                format!("`{key}` is a text, and this is {}", value.kind()),
                "write it in double quotes, or { \"from_env\": \"NAME\" }",
            );
            return None;
        };
        let found = (self.environment)(variable);
        if found.is_none() {
            self.problem(
                value.span,
                format!("the environment variable {variable} is not set"),
                format!("set it, as in: {variable}=… zisc run …"),
            );
        }
        found
    }

    fn text(&mut self, json: &Json, key: &str) -> String {
        match &json.value {
            Read::String(text) => text.clone(),
            _ => {
                self.problem(
                    json.span,
                    format!("`{key}` is a text, and this is {}", json.kind()),
                    "put it in double quotes",
                );
                String::new()
            }
        }
    }

    fn members<'j>(&mut self, json: &'j Json, key: &str) -> &'j [Member] {
        json.as_object().unwrap_or_else(|| {
            self.problem(json.span, format!("`{key}` is an object, and this is {}", json.kind()), "write { } for none");
            &[]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_a_host_or_all_hosts_below_one() {
        for (text, expected) in [
            ("api.example.com", true),
            ("*.example.com", true),
            ("localhost", true),
            ("*", false),
            ("*.com", false),
            ("a.*.com", false),
            ("https://example.com", false),
            ("example.com:443", false),
            ("", false),
        ] {
            assert_eq!(is_domain(text), expected, "{text}");
        }
    }

    #[test]
    fn a_key_goes_into_a_header_of_its_own() {
        for (name, expected) in
            [("X-Api-Key", true), ("Authorization", true), ("x-zis-key", false), ("Host", false), ("a b", false)]
        {
            assert_eq!(is_free_header(name), expected, "{name}");
        }
    }
}
