//! What actix-web's `experimental-introspection` tells of an application: the methods of all routes, and
//! which scopes have guards. It is asked only if the crate feature of this name is on and the builder's
//! method was called.

#[cfg(not(feature = "experimental-introspection"))]
pub(crate) use unknown::Introspection;

#[cfg(feature = "experimental-introspection")]
pub(crate) use known::Introspection;

#[cfg(not(feature = "experimental-introspection"))]
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

#[cfg(feature = "experimental-introspection")]
mod known {
    use std::collections::{BTreeMap, HashMap};

    use actix_web::{
        dev::ServiceRequest,
        introspection::{IntrospectionNode, IntrospectionTree},
        web::Data,
    };
    use cors_core::{Override, RouteEntry, Source};

    /// What is known of each full path.
    #[derive(Debug, Clone)]
    pub(crate) struct Introspection(HashMap<String, Node>);

    #[derive(Debug, Clone)]
    struct Node {
        methods: Vec<String>,
        is_guarded: bool,
    }

    impl Introspection {
        pub(crate) fn of(request: &ServiceRequest) -> Option<Self> {
            let tree = request.app_data::<Data<IntrospectionTree>>()?;
            let mut known = HashMap::new();
            add_nodes(&tree.root.children, &mut known);
            Some(Self(known))
        }

        /// Entries without settings, which make the methods of routes known.
        pub(crate) fn entries(&self) -> Vec<RouteEntry> {
            let entry = |(path, node): (&String, &Node)| {
                // no script can send CONNECT and TRACE
                let methods =
                    node.methods.iter().filter(|name| name.parse::<cors_core::Method>().is_ok());
                RouteEntry::new(path, methods, &Override::builder(), Source::Introspection).ok()
            };
            let sorted: BTreeMap<&String, &Node> = self.0.iter().collect();
            sorted.into_iter().filter_map(entry).collect()
        }

        /// Whether a guard may keep requests out of a scope.
        ///
        /// Actix lists the scope and a resource of the same path as one, so such a resource leaves it
        /// open.
        pub(crate) fn may_be_guarded(&self, prefix: &str) -> bool {
            let prefix = if prefix.is_empty() { "/" } else { prefix };
            self.0.get(prefix).is_none_or(|node| node.is_guarded || !node.methods.is_empty())
        }
    }

    fn add_nodes(nodes: &[IntrospectionNode], known: &mut HashMap<String, Node>) {
        for node in nodes {
            let methods = node.methods.iter().map(ToString::to_string).collect();
            let own = Node { methods, is_guarded: !node.guards.is_empty() };
            known.insert(node.full_path.clone(), own);
            add_nodes(&node.children, known);
        }
    }
}
