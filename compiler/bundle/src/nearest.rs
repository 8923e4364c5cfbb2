/// The name most like `wanted`, where one is like enough to be meant: about one slip in three characters.
///
/// ```
/// assert_eq!(zisc_bundle::nearest("stauts", ["status", "state"]), Some("status"));
/// assert_eq!(zisc_bundle::nearest("colour", ["status", "state"]), None);
/// assert_eq!(zisc_bundle::nearest("public", ["is_public", "body"]), Some("is_public"));
/// ```
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    let names: Vec<&str> = names.into_iter().collect();
    let by_letters = names
        .iter()
        .map(|name| (strsim::osa_distance(&wanted, &name.to_lowercase()), *name))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, name)| *distance * 3 <= name.chars().count().max(3))
        .map(|(_, name)| name);
    by_letters.or_else(|| {
        let ends_with = |long: &str, short: &str| long.strip_suffix(short).is_some_and(|front| front.ends_with('_'));
        let related = |name: &str| ends_with(name, &wanted) || ends_with(&wanted, name);
        names.into_iter().filter(|name| related(&name.to_lowercase())).max_by_key(|name| name.len())
    })
}
