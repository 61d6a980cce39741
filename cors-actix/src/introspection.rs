//! What actix-web's `experimental-introspection` tells of an application: methods of all routes, and
//! which scopes have guards. Without the crate feature `introspection` nothing is known.

#[cfg(not(feature = "introspection"))]
pub(crate) use unknown::Introspection;

#[cfg(feature = "introspection")]
pub(crate) use known::Introspection;

#[cfg(not(feature = "introspection"))]
mod unknown {
    use actix_web::dev::ServiceRequest;
    use cors_core::RouteEntry;

    /// Never there.
    #[derive(Debug, Clone)]
    pub(crate) enum Introspection {}

    impl Introspection {
        pub(crate) fn of(_request: &ServiceRequest) -> Option<Self> {
            None
        }

        pub(crate) fn entries(&self) -> Vec<RouteEntry> {
            match *self {}
        }

        pub(crate) fn may_be_guarded(&self, _prefix: &str) -> bool {
            match *self {}
        }
    }
}

#[cfg(feature = "introspection")]
mod known {
    use std::collections::HashMap;

    use actix_web::{
        dev::ServiceRequest,
        introspection::{IntrospectionReportItem, IntrospectionTree},
        web::Data,
    };
    use cors_core::{Override, RouteEntry, Source};

    /// What is known of each path.
    #[derive(Debug, Clone)]
    pub(crate) struct Introspection(HashMap<String, IntrospectionReportItem>);

    impl Introspection {
        pub(crate) fn of(request: &ServiceRequest) -> Option<Self> {
            let tree = request.app_data::<Data<IntrospectionTree>>()?;
            let items: Vec<IntrospectionReportItem> = (&tree.root).into();
            Some(Self(items.into_iter().map(|item| (item.full_path.clone(), item)).collect()))
        }

        /// Entries that change nothing and name the methods of all routes that have a method.
        pub(crate) fn entries(&self) -> Vec<RouteEntry> {
            let entry = |item: &IntrospectionReportItem| {
                // no script can send CONNECT and TRACE
                let methods =
                    item.methods.iter().filter(|name| name.parse::<cors_core::Method>().is_ok());
                let layer = Override::builder();
                RouteEntry::new(&item.full_path, methods, &layer, Source::Introspection).ok()
            };
            let mut entries: Vec<RouteEntry> = self.0.values().filter_map(entry).collect();
            entries.sort_by(|one, other| one.pattern().cmp(other.pattern()));
            entries
        }

        /// Whether a guard may keep requests out of a scope.
        ///
        /// What is known of one path is not told apart, so that a resource with the path of the
        /// scope makes it doubtful.
        pub(crate) fn may_be_guarded(&self, prefix: &str) -> bool {
            let prefix = if prefix.is_empty() { "/" } else { prefix };
            let item = self.0.get(prefix);
            item.is_some_and(|item| !item.guards.is_empty() || !item.methods.is_empty())
        }
    }
}
