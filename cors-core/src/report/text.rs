//! The table as text.

use std::fmt;

use super::Report;
use crate::{
    policy::LayeredPolicy,
    setting::{Key, Off},
    source::Source,
};

/// Lists the base policy in full and of every route what its own layers changed.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "base policy (any route not listed below)")?;
        match self.base.policy().off() {
            Some(off) => writeln!(f, "    {}", words_for(off))?,
            None => write_settings(f, &self.base, None, |_| true)?,
        }
        for scope in &self.scopes {
            let what = if scope.unrouted_only { "no route below" } else { "everything below" };
            write!(f, "{what} {}  ", scope.path)?;
            write_place(f, &scope.source)?;
            self.write_changes(f, &scope.source, &scope.policy)?;
        }
        for route in &self.routes {
            let guarded = if route.guarded { " (guarded)" } else { "" };
            let methods = route.methods.join(", ");
            write!(f, "{methods} {}{guarded}  ", route.pattern)?;
            write_place(f, &route.source)?;
            self.write_changes(f, &route.source, &route.policy)?;
        }
        Ok(())
    }
}

impl Report {
    /// Writes what a policy has that the base policy has not; `own` is named above.
    fn write_changes(
        &self,
        f: &mut fmt::Formatter<'_>,
        own: &Source,
        policy: &LayeredPolicy,
    ) -> fmt::Result {
        if let Some(off) = policy.policy().off() {
            return writeln!(f, "    {}", words_for(off));
        }
        let is_changed = |key| policy.contributions(key) != self.base.contributions(key);
        write_settings(f, policy, Some(own), is_changed)?;
        if !Key::ALL.iter().copied().any(is_changed) {
            writeln!(f, "    as the base policy")?;
        }
        Ok(())
    }
}

/// Writes where a scope or a route has its policy from, to the end of the line.
fn write_place(f: &mut fmt::Formatter<'_>, source: &Source) -> fmt::Result {
    match source {
        Source::Attribute(location) => fmt::Display::fmt(location, f)?,
        source => fmt::Display::fmt(source, f)?,
    }
    writeln!(f)
}

fn words_for(off: Off) -> &'static str {
    match off {
        Off::External => "CORS left to another layer",
        Off::Disable => "CORS disabled",
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
            // most policies do without it
            Key::ExposeAnyHeader if layered.contributions(key).is_empty() => continue,
            Key::AllowCredentials | Key::ExposeAnyHeader => "false",
            Key::MaxAge => "left to the browser",
            Key::AllowOrigins | Key::AllowHeaders | Key::ExposeHeaders => "none",
        };
        let value = layered.policy().value_of(key);
        write!(f, "    {:<22}{}", key.as_str(), value.as_deref().unwrap_or(unset))?;
        let is_short = f.alternate();
        let name = |source: &Source| match source {
            Source::Attribute(_) if Some(source) == own => "#[cors]".to_owned(),
            entry if Some(source) == own && (entry.is_scope() || entry.is_entry()) => {
                format!("{entry:#}")
            }
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
