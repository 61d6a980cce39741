//! What subdomain patterns cover, against the public suffix list itself.
//!
//! The crate `psl` can be asked about a domain; its list comes with its sources. `UPDATE=1 cargo test
//! -p cors-policy-core --all-features --test core public_suffixes` writes `src/origin/open_below.txt` anew.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fs,
    path::PathBuf,
    process::Command,
};

use cors_core::{Policy, Problem};

/// The rules of the list, in the form that browsers send.
struct Rules {
    plain: HashSet<String>,
    /// `*.ck`, by what is behind the star.
    wildcards: HashSet<String>,
    exceptions: HashSet<String>,
}

impl Rules {
    fn read() -> Self {
        let (mut plain, mut wildcards, mut exceptions) = Default::default();
        let list = fs::read_to_string(folder_of_psl().join("data/rules.txt")).unwrap();
        for line in list.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (kind, name): (&mut HashSet<String>, &str) =
                if let Some(name) = line.strip_prefix("*.") {
                    (&mut wildcards, name)
                } else if let Some(name) = line.strip_prefix('!') {
                    (&mut exceptions, name)
                } else {
                    (&mut plain, line)
                };
            kind.insert(idna::domain_to_ascii(name).unwrap());
        }
        assert!(plain.len() > 5_000 && wildcards.len() > 100 && exceptions.len() > 3);
        Self { plain, wildcards, exceptions }
    }

    fn is_suffix(&self, domain: &str) -> bool {
        let is_wild =
            || domain.split_once('.').is_some_and(|(_, rest)| self.wildcards.contains(rest));
        self.plain.contains(domain) || (is_wild() && !self.exceptions.contains(domain))
    }

    /// All domains below which there is a rule.
    fn parents(&self) -> BTreeSet<&str> {
        let of_names = self.plain.iter().chain(&self.exceptions).flat_map(|name| above(name));
        let of_wildcards =
            self.wildcards.iter().flat_map(|name| std::iter::once(&**name).chain(above(name)));
        of_names.chain(of_wildcards).collect()
    }

    /// Domains directly below which anybody can register, one for each rule.
    fn open(&self) -> Vec<String> {
        let wild = self.wildcards.iter().map(|name| format!("a.{name}"));
        let mut open: Vec<String> = self.plain.iter().cloned().chain(wild).collect();
        // the shortest is the easiest to read
        open.sort_by_key(|name| (name.len(), name.clone()));
        open
    }

    /// The shortest domain of [`open`](Self::open) below each parent that has no rule of its own.
    fn open_below(&self) -> String {
        let open = self.open();
        let mut shortest: HashMap<&str, &str> = HashMap::new();
        for name in &open {
            for parent in above(name) {
                shortest.entry(parent).or_insert(name);
            }
        }
        let parents = self.parents().into_iter().filter(|own| !self.plain.contains(*own));
        let chosen: BTreeSet<&str> = parents.map(|parent| shortest[parent]).collect();
        chosen.into_iter().collect::<Vec<_>>().join("\n") + "\n"
    }
}

/// The domains that a domain is below.
fn above(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(domain.split_once('.'), |(_, rest)| rest.split_once('.'))
        .map(|(_, rest)| rest)
}

fn folder_of_psl() -> PathBuf {
    let about = cargo(&["--version", "--verbose"]);
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // what other platforms need may not be there
    let arguments = ["metadata", "--format-version", "1", "--offline", "--filter-platform", host];
    let metadata: serde_json::Value = serde_json::from_str(&cargo(&arguments)).unwrap();
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let psl = packages.find(|package| package["name"] == "psl").unwrap();
    let manifest = PathBuf::from(psl["manifest_path"].as_str().unwrap());
    manifest.parent().unwrap().to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a policy with credentials says of a host: a name that a stranger can register, if it needs the
/// consent.
fn stranger(host: &str) -> Option<Box<str>> {
    let policy =
        Policy::builder().allow_origins([format!("https://{host}")]).allow_credentials(true);
    let errors = policy.build().err()?;
    match errors.first().problem.clone() {
        Problem::OriginPublicSuffix { stranger, .. } => {
            Some(stranger.unwrap_or_else(|| panic!("no example for {host}")))
        }
        problem => panic!("{host}: {problem:?}"),
    }
}

#[test]
fn the_table_is_made_of_the_list() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/origin/open_below.txt");
    let expected = Rules::read().open_below();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, &expected).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), expected);
}

/// Every rule, what is above it, and what is below it.
#[test]
fn a_pattern_needs_consent_if_its_base_is_a_suffix_or_above_one() {
    let rules = Rules::read();
    let parents = rules.parents();
    let names = [&rules.plain, &rules.wildcards, &rules.exceptions].into_iter().flatten();
    let around = names.flat_map(|name| {
        let below = ["a", "www", "city"].map(|label| format!("{label}.{name}"));
        above(name).chain([&**name]).map(str::to_owned).chain(below).collect::<Vec<_>>()
    });
    let domains: BTreeSet<String> = around.collect();
    let mut counts = [0, 0];
    for domain in &domains {
        let is_open = rules.is_suffix(domain) || parents.contains(&**domain);
        // of a part of a label, if the names directly below are registered; not where they are suffixes themselves
        let name = format!("app-attacker.{domain}");
        let part = stranger(&format!("app-*.{domain}"));
        assert!(part.as_deref().is_none_or(|part| part == name), "{domain}");
        assert!(part.is_none() || rules.is_suffix(domain), "{domain}");
        assert!(part.is_some() || !rules.is_suffix(domain) || rules.is_suffix(&name), "{domain}");
        let stranger = stranger(&format!("*.{domain}"));
        assert_eq!(stranger.is_some(), is_open, "{domain}");
        counts[usize::from(is_open)] += 1;
        let Some(stranger) = stranger else { continue };
        // it is below the base, and directly below a suffix
        assert!(above(&stranger).any(|own| own == domain), "{stranger} is not below {domain}");
        assert!(above(&stranger).next().is_some_and(|own| rules.is_suffix(own)), "{stranger}");
        assert!(!rules.is_suffix(&stranger), "{stranger}");
    }
    assert!(counts.into_iter().all(|count| count > 5_000), "{counts:?}");
}
