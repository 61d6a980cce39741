//! Which file of a crate imports from which, and what is wrong with that.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs,
    path::Path,
};

use crate::source::{Import, Module, modules};

/// The arrows between the files of a crate, from the one that imports.
#[derive(Debug)]
pub(crate) struct Arrows(BTreeMap<String, BTreeSet<String>>);

impl Arrows {
    /// Those of the crate whose sources are in a folder.
    pub(crate) fn of_folder(folder: &Path) -> Self {
        let mut files = Vec::new();
        read_folder(folder, "", &mut files);
        Self::of(&files)
    }

    /// Those of files, by their paths below `src`.
    pub(crate) fn of(files: &[(String, String)]) -> Self {
        let all = files.iter().flat_map(|(file, text)| modules(file, text));
        let modules = Modules(all.map(|module| (module.path.clone(), module)).collect());
        let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for module in modules.0.values().filter(|module| !modules.is_for_tests(module)) {
            let own = arrows.entry(module.file.clone()).or_default();
            own.extend(modules.targets(module).filter(|file| *file != module.file));
        }
        Self(arrows)
    }

    /// Circles among files, the shortest through each file.
    pub(crate) fn circles(&self) -> Vec<String> {
        let mut found = BTreeMap::new();
        for file in self.0.keys() {
            if let Some(circle) = self.circle(file) {
                let files: BTreeSet<String> = circle.iter().cloned().collect();
                found.entry(files).or_insert_with(|| circle.join(" → "));
            }
        }
        found.into_values().collect()
    }

    /// The shortest way from a file back to it.
    fn circle(&self, file: &str) -> Option<Vec<String>> {
        let mut ways = VecDeque::from([vec![file.to_owned()]]);
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop_front() {
            for next in self.0.get(way.last()?).into_iter().flatten() {
                let longer = [way.as_slice(), std::slice::from_ref(next)].concat();
                if next == file {
                    return Some(longer);
                }
                if seen.insert(next) {
                    ways.push_back(longer);
                }
            }
        }
        None
    }

    /// Arrows against an order of folders: each may import only from those before it. `last` may
    /// import from all, and nothing may import from them. A file beside the folders is one of its own.
    pub(crate) fn against(&self, order: &[&str], last: &[&str]) -> Vec<String> {
        let place = |file: &str| {
            let folder = folder(file);
            let known = order.iter().position(|own| *own == folder);
            known.or_else(|| last.contains(&folder).then_some(order.len()))
        };
        let mut found = Vec::new();
        for (file, targets) in &self.0 {
            let Some(own) = place(file) else {
                found.push(format!("{file} has no place in the order"));
                continue;
            };
            let backwards =
                targets.iter().filter(|target| place(target).is_some_and(|it| it > own));
            found.extend(backwards.map(|target| format!("{file} → {target}")));
        }
        found
    }

    /// Arrows from one of some folders or files into another folder.
    pub(crate) fn between(&self, from: &[&str], target: &str) -> Vec<String> {
        let own = self.0.iter().filter(|(file, _)| from.contains(&folder(file)));
        let all = own.flat_map(|(file, targets)| targets.iter().map(move |to| (file, to)));
        all.filter(|(_, to)| folder(to) == target)
            .map(|(file, to)| format!("{file} → {to}"))
            .collect()
    }
}

/// `startup` of `startup/registry.rs`, `test` of `test.rs`.
fn folder(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or(file);
    first.trim_end_matches(".rs")
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    for entry in
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            read_folder(&path, &format!("{prefix}{name}/"), files);
        } else if path.extension().is_some_and(|own| own == "rs") {
            files.push((format!("{prefix}{name}"), fs::read_to_string(&path).expect("text")));
        }
    }
}

/// The modules of a crate, by their paths.
struct Modules(BTreeMap<Vec<String>, Module>);

impl Modules {
    /// Whether a parent declares it, or what it is in, for tests alone.
    fn is_for_tests(&self, module: &Module) -> bool {
        (1..=module.path.len()).any(|length| {
            let (parent, name) = (&module.path[..length - 1], &module.path[length - 1]);
            self.0.get(parent).is_some_and(|parent| parent.tests.contains(name))
        })
    }

    /// The files that a module imports from.
    fn targets(&self, module: &Module) -> impl Iterator<Item = String> {
        let imports = module.imports.iter().filter(|import| !self.is_own(module, import));
        let imports = imports.map(|import| &import.path);
        let paths = module.paths.iter().filter(|path| self.is_module(module, &path[0]));
        let all = imports.chain(paths).filter_map(|path| self.target(module, path, 0));
        all.filter(|module| module.defines).map(|module| module.file.clone())
    }

    /// Whether it re-exports what a module within this one has.
    fn is_own(&self, module: &Module, import: &Import) -> bool {
        let path = self.absolute(module, &import.path);
        import.is_re_export && path.is_some_and(|path| path.starts_with(&module.path))
    }

    /// Whether a path may start so if it leads to a module, rather than to an item that is in scope.
    fn is_module(&self, module: &Module, first: &str) -> bool {
        let import = module.imports.iter().find(|import| import.name == first);
        let imported = import.and_then(|import| self.absolute(module, &import.path));
        ["crate", "super", "self"].contains(&first)
            || self.0.contains_key(&child(&module.path, first))
            || imported.is_some_and(|path| self.0.contains_key(&path))
    }

    /// The module that has what a path leads to, through what others re-export or import.
    fn target(&self, module: &Module, path: &[String], depth: usize) -> Option<&Module> {
        let path = self.absolute(module, path)?;
        let found = (0..=path.len())
            .rev()
            .find_map(|length| self.0.get(&path[..length]).map(|own| (own, length)));
        let (found, length) = found?;
        let [name, after @ ..] = &path[length..] else { return Some(found) };
        match found.imports.iter().find(|import| import.name == *name) {
            // imports of each other lead nowhere
            Some(_) if depth > 16 => None,
            Some(import) => {
                self.target(found, &[import.path.as_slice(), after].concat(), depth + 1)
            }
            None => Some(found),
        }
    }

    /// The path from the root of the crate, unless it leads into another one.
    fn absolute(&self, module: &Module, path: &[String]) -> Option<Vec<String>> {
        let (mut start, mut rest) = match path {
            [first, rest @ ..] if first == "crate" => (Vec::new(), rest),
            [first, rest @ ..] if first == "self" => (module.path.clone(), rest),
            [first, ..] if first == "super" => (module.path.clone(), path),
            [first, ..] if self.0.contains_key(&child(&module.path, first)) => {
                (module.path.clone(), path)
            }
            [first, rest @ ..] => {
                let mut imports = module.imports.iter();
                let import =
                    imports.find(|import| import.name == *first && import.path[0] != *first)?;
                (self.absolute(module, &import.path)?, rest)
            }
            [] => return None,
        };
        while let [first, after @ ..] = rest
            && first == "super"
        {
            start.pop()?;
            rest = after;
        }
        Some([start.as_slice(), rest].concat())
    }
}

fn child(path: &[String], name: &str) -> Vec<String> {
    [path, &[name.to_owned()]].concat()
}
