//! From actix's list of resources to numbered services.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{
    areas::Areas,
    ownership::{HandlerRoute, Owner, Ownership},
    pattern::{Lead, Pattern},
    resource_tree::Node,
    services::{Resource, Scope, Service, Services, prefixes},
    steps::{Plain, PlainStep, Target},
    trie::Kind,
};
use crate::{handler::Route, startup::Merged};

impl Services {
    /// The services of an application. `may_be_guarded` says whether a scope of a full prefix may have
    /// a guard.
    pub(crate) fn new(
        nodes: &[Node],
        ownership: &Ownership,
        merged: &Merged,
        may_be_guarded: &dyn Fn(&str) -> bool,
        read_only: &[String],
    ) -> Self {
        let mut builder = Builder {
            services: Self::default(),
            ownership,
            merged,
            may_be_guarded,
            read_only,
            patterns: HashMap::new(),
            resources: 0,
            handlers: HashSet::new(),
        };
        builder.add(nodes, None, "");
        let mut services = builder.services;
        let prefixes: Vec<String> = services.scopes.iter().map(|own| own.full.clone()).collect();
        services.areas = Areas::new(&merged.unrouted, &prefixes, |path| services.has_below(path));
        services.note_last_declared();
        services.index();
        services
    }

    fn index(&mut self) {
        let Self { all, scopes, trie, .. } = self;
        for (number, service) in (0..).zip(&*all) {
            match service {
                Service::Resource(resource) => {
                    for (pattern, _) in &resource.patterns {
                        let lead = Lead::of(prefixes(scopes, resource.scope).chain([&**pattern]));
                        let lead = if pattern.is_prefix() { lead.open() } else { lead };
                        trie.add(&lead, number, Kind::Resource);
                    }
                }
                Service::EndOfScope(scope) => {
                    let lead = Lead::of(prefixes(scopes, Some(*scope))).open();
                    trie.add(&lead, number, Kind::EndOfScope);
                }
            }
        }
    }

    /// Lets a route that has an entry end the search only at the last resource of its pattern.
    fn note_last_declared(&mut self) {
        let mut seen = HashSet::new();
        for service in self.all.iter_mut().rev() {
            let Service::Resource(resource) = service else { continue };
            for (_, target) in &mut resource.patterns {
                let (Target::Plain(plain) | Target::Doubt(_, plain)) = target else { continue };
                for own in &mut plain.routes {
                    own.is_last = own.route.is_declared && seen.insert(own.route.id);
                }
            }
        }
    }
}

/// Walks over actix's resources and numbers the services.
struct Builder<'a> {
    services: Services,
    ownership: &'a Ownership,
    merged: &'a Merged,
    may_be_guarded: &'a dyn Fn(&str) -> bool,
    /// The names of the probes in scopes that answer GET and HEAD alone.
    read_only: &'a [String],
    /// The patterns so far, of resources and of services that take the paths below.
    patterns: HashMap<(String, bool), Arc<Pattern>>,
    /// How many resources were visited so far.
    resources: usize,
    /// The annotated routes without a guard that were visited so far, each with its scope.
    handlers: HashSet<(Option<usize>, *const Route)>,
}

impl Builder<'_> {
    fn add(&mut self, nodes: &[Node], scope: Option<usize>, outside: &str) {
        for node in nodes.iter().filter(|node| !node.is_probe()) {
            if let Some(below) = &node.below {
                let full = format!("{outside}{}", node.pattern());
                let own = self.enter(node, scope, &full);
                self.add(below, Some(own), &full);
                self.services.all.push(Service::EndOfScope(own));
                self.services.scopes[own].services.end = self.next_number();
            } else {
                self.add_resource(node, scope, outside);
            }
        }
    }

    fn enter(&mut self, node: &Node, outer: Option<usize>, full: &str) -> usize {
        let prefix = Pattern::new(node.pattern(), true);
        let is_read_only = node.has_probe_of(self.read_only);
        // it is made without a guard
        let may_be_guarded = !is_read_only && (self.may_be_guarded)(full);
        let is_kept = |outer: usize| self.services.scopes[outer].keeps_its_paths;
        let keeps_its_paths = !may_be_guarded && outer.is_none_or(is_kept);
        let (number, start) = (self.services.scopes.len(), self.next_number());
        if !prefix.has_segments_only() {
            self.services.greedy.push(number);
        }
        self.services.scopes.push(Scope {
            outer,
            prefix,
            full: full.to_owned(),
            services: start..start,
            reads_only: is_read_only
                || outer.is_some_and(|own| self.services.scopes[own].reads_only),
            may_be_guarded,
            keeps_its_paths,
        });
        number
    }

    /// The number of the service that is added next.
    fn next_number(&self) -> u32 {
        u32::try_from(self.services.all.len()).unwrap_or(u32::MAX)
    }

    fn add_resource(&mut self, node: &Node, scope: Option<usize>, outside: &str) {
        let owner = self.ownership.owner(self.resources);
        self.resources += 1;
        if owner.is_some_and(|owner| self.is_repeated(owner, scope)) {
            return;
        }
        let patterns = node.patterns().iter().map(|text| {
            let target = self.target(owner, scope, &format!("{outside}{text}"));
            (self.pattern(text, node.is_prefix()), target)
        });
        let patterns = patterns.collect();
        self.services.all.push(Service::Resource(Resource { scope, patterns }));
    }

    fn target(&self, owner: Option<&Owner>, scope: Option<usize>, full: &str) -> Target {
        let routes_of = |own: &HandlerRoute| self.merged.routes_of(own.0, own.1, full);
        match owner {
            Some(Owner::Handler(own)) => Target::Annotated(routes_of(own)),
            Some(Owner::Doubt(all)) => {
                Target::Doubt(all.iter().flat_map(routes_of).collect(), self.plain(scope, full))
            }
            None => Target::Plain(self.plain(scope, full)),
        }
    }

    /// A pattern, which is made once for all resources that have it.
    fn pattern(&mut self, text: &str, is_prefix: bool) -> Arc<Pattern> {
        let make = || Arc::new(Pattern::new(text, is_prefix));
        Arc::clone(self.patterns.entry((text.to_owned(), is_prefix)).or_insert_with(make))
    }

    /// Whether the same handler is in the same scope already, and takes every request before this one.
    fn is_repeated(&mut self, owner: &Owner, scope: Option<usize>) -> bool {
        let Owner::Handler((mount, number)) = owner else { return false };
        let route: &'static Route = &self.merged.mounts[*mount].handler.routes[*number];
        !route.guarded && !self.handlers.insert((scope, std::ptr::from_ref(route)))
    }

    fn plain(&self, scope: Option<usize>, full: &str) -> Plain {
        let known = self.merged.plain.get(full).map(Vec::as_slice).unwrap_or_default();
        let routes =
            known.iter().map(|route| PlainStep { route: *route, is_last: false }).collect();
        let reads_only = scope.is_some_and(|own| self.services.scopes[own].reads_only);
        Plain { routes, scope: self.merged.scope_of(full), reads_only }
    }
}
