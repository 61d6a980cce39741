//! The table as text.

use std::fmt;

use super::Report;
use crate::{policy::LayeredPolicy, setting::Key, source::Source};

/// Lists the base policy in full and of every route what its own layers changed.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "base policy (any route not listed below)")?;
        write_settings(f, &self.base, None, |_| true)?;
        for route in &self.routes {
            let guarded = if route.guarded { " (guarded)" } else { "" };
            let methods = route.methods.join(", ");
            write!(f, "{methods} {}{guarded}", route.pattern)?;
            f.write_str("  ")?;
            match &route.source {
                Source::Attribute(location) => location.fmt(f)?,
                source => source.fmt(f)?,
            }
            writeln!(f)?;
            if route.policy.policy().is_disabled() {
                writeln!(f, "    CORS disabled")?;
                continue;
            }
            let is_changed = |key| route.policy.contributions(key) != self.base.contributions(key);
            write_settings(f, &route.policy, Some(&route.source), is_changed)?;
            if !Key::ALL.iter().copied().any(is_changed) {
                writeln!(f, "    as the base policy")?;
            }
        }
        Ok(())
    }
}

/// Writes settings, each with the layers that shaped it; the layer at `own` is named without its
/// place, which stands above already.
fn write_settings(
    f: &mut fmt::Formatter<'_>,
    layered: &LayeredPolicy,
    own: Option<&Source>,
    is_shown: impl Fn(Key) -> bool,
) -> fmt::Result {
    for key in Key::ALL.iter().copied().filter(|key| is_shown(*key)) {
        let unset = match key {
            Key::AllowMethods => "as routed",
            Key::AllowCredentials => "false",
            Key::MaxAge => "left to the browser",
            Key::AllowOrigins | Key::AllowHeaders | Key::ExposeHeaders => "none",
        };
        let value = layered.policy().value_of(key);
        write!(f, "    {:<22}{}", key.as_str(), value.as_deref().unwrap_or(unset))?;
        let is_short = f.alternate();
        let name = |source: &Source| match source {
            Source::Attribute(_) if Some(source) == own => "#[cors]".to_owned(),
            Source::Entry(_) if Some(source) == own => "route entry".to_owned(),
            source if is_short => format!("{source:#}"),
            source => source.to_string(),
        };
        let layers = layered.contributions(key).iter();
        let layers: Vec<String> = layers
            .map(|layer| format!("{} {}", layer.operator.as_str(), name(&layer.source)))
            .collect();
        if !layers.is_empty() {
            write!(f, "  [{}]", layers.join(", "))?;
        }
        writeln!(f)?;
    }
    Ok(())
}
