//! What the words of the language mean, in a sentence each.

/// The words that begin no statement, and those that begin an item.
const WORDS: &[(&str, &str)] = &[
    ("else", "What is done where no condition in front holds, or no case is met."),
    ("catch", "What is done where what stands in front fails. The name holds the error: `err.Cause`, `err.Error`."),
    ("in", "Behind `for x`, the list to go through; between two values, whether the first is one of a list."),
    ("is", "Asks about a value: `x is present`, `x is null`."),
    ("present", "`x is present` is `IsPresent`: the value is there."),
    ("path", "The address is a path on the account's own host."),
    ("headers", "The headers of the request, in order; a name may stand twice."),
    ("query", "The parameters of the query, in order; a name may stand twice."),
    ("body", "What the request sends."),
    ("from", "The file from which is imported."),
    ("integration", "The integration to which the flows of the file belong."),
    ("bundle", "The name of the bundle, where it is not the key of the integration."),
    ("import", "Brings what another file declares."),
    ("param", "A constant that can be another one in each environment: set when the bundle is built."),
    ("connection", "What requests authenticate with. The connection itself, with its secret, is made in the account."),
    ("config", "Settings that the account keeps, and that flows load."),
    ("type", "A name for a type."),
    ("event", "An event that an inbound webhook brings, and what it carries."),
    ("action", "A request that flows can make."),
    ("job", "Starts a flow when an event happens."),
    ("flow", "What is done when its job starts it."),
    ("extra", "Members that the bundle has beside those that the language knows."),
    ("GET", "Asks for something, and changes nothing."),
    ("POST", "Sends something: mostly to create it."),
    ("PUT", "Puts what is sent in the place of what is there."),
    ("PATCH", "Changes a part of what is there."),
    ("DELETE", "Removes what is there."),
    ("HEAD", "Asks for the headers of an answer alone."),
    ("OPTIONS", "Asks what can be done at the address."),
    ("TRACE", "Asks for the request as it arrived."),
    ("oauth", "A token that the service gives out by OAuth, and that is renewed."),
    ("basic_auth", "A user name and a password."),
    ("bearer_token", "A token, sent as `Authorization: Bearer …`."),
    ("api_key", "A key, sent in a header of its own."),
];

/// What a word means.
pub(super) fn meaning(word: &str) -> Option<&'static str> {
    WORDS.iter().find(|(known, _)| *known == word).map(|(_, meaning)| *meaning)
}
