/// The name most like `wanted`, where one is like enough to be meant: about one slip in three characters.
///
/// ```
/// assert_eq!(zisc_bundle::nearest("stauts", ["status", "state"]), Some("status"));
/// assert_eq!(zisc_bundle::nearest("colour", ["status", "state"]), None);
/// ```
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    names
        .into_iter()
        .map(|name| (strsim::osa_distance(&wanted, &name.to_lowercase()), name))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, name)| *distance * 3 <= name.chars().count().max(3))
        .map(|(_, name)| name)
}
