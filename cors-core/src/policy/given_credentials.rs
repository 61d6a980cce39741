//! What setters of `allow_credentials` take.

use super::written::WrittenValue;

/// What `allow_credentials` is given: `true`, `false`, or a list of origins.
///
/// ```
/// use cors_core::AllowCredentials;
///
/// _ = AllowCredentials::from(true);
/// _ = AllowCredentials::from(["https://app.example.com"]);
/// _ = AllowCredentials::from(vec!["https://app.example.com".to_owned()]);
/// ```
#[derive(Debug, Clone)]
pub struct AllowCredentials(WrittenValue);

impl From<AllowCredentials> for WrittenValue {
    fn from(value: AllowCredentials) -> Self {
        value.0
    }
}

impl From<bool> for AllowCredentials {
    fn from(flag: bool) -> Self {
        Self(WrittenValue::Flag(flag))
    }
}

impl<T: Into<String>> From<Vec<T>> for AllowCredentials {
    fn from(origins: Vec<T>) -> Self {
        Self(WrittenValue::List(origins.into_iter().map(Into::into).collect()))
    }
}

impl<T: Into<String>, const N: usize> From<[T; N]> for AllowCredentials {
    fn from(origins: [T; N]) -> Self {
        Vec::from(origins).into()
    }
}

impl<T: Into<String> + Clone> From<&[T]> for AllowCredentials {
    fn from(origins: &[T]) -> Self {
        origins.to_vec().into()
    }
}
