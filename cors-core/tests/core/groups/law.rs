//! A list with the name of a group is the list with the origins in its place, whatever else is set.

use cors_core::{ConfigErrors, Override, OverrideBuilder, Policy, PolicyBuilder, Source};
use proptest::{
    prelude::*,
    sample::{select, subsequence},
};

/// Those that need a consent among them.
const ORIGINS: &[&str] = &[
    "https://a.example",
    "https://b.example",
    "https://*.a.example",
    "http://a.example",
    "http://localhost:*",
    "null",
    "file://",
    "moz-extension://*",
    "https://*.github.io",
];

const GROUPS: [&str; 2] = ["@admin", "@admin-ui"];

const CONSENTS: [fn(PolicyBuilder, bool) -> PolicyBuilder; 5] = [
    PolicyBuilder::dangerously_allow_insecure_origins,
    PolicyBuilder::dangerously_allow_null_origin,
    PolicyBuilder::dangerously_allow_file_origin,
    PolicyBuilder::dangerously_allow_scheme_wildcards,
    PolicyBuilder::dangerously_allow_public_suffixes,
];

type Elements = Vec<&'static str>;

#[derive(Debug, Clone)]
struct Layer {
    origins: Option<(usize, Elements)>,
    credentials: Credentials,
}

#[derive(Debug, Clone)]
enum Credentials {
    Unset,
    OfAll,
    Of(Elements),
}

#[derive(Debug, Clone)]
struct Case {
    groups: [Elements; 2],
    of_variable: bool,
    consents: Vec<bool>,
    base: Layer,
    layers: Vec<Layer>,
}

fn elements(most: usize) -> impl Strategy<Value = Elements> {
    let origins = subsequence(ORIGINS.to_vec(), 0..=most);
    (origins, subsequence(GROUPS.to_vec(), 0..=2)).prop_map(|(own, names)| [own, names].concat())
}

fn layers() -> impl Strategy<Value = Layer> {
    let any = Just(vec!["*"]);
    let origins = prop_oneof![6 => (0..3_usize, elements(2)), 1 => any.prop_map(|any| (0, any))];
    let unset_or_all = [Credentials::Unset, Credentials::OfAll];
    let credentials =
        prop_oneof![select(unset_or_all.to_vec()), elements(1).prop_map(Credentials::Of)];
    let origins = proptest::option::weighted(0.8, origins);
    (origins, credentials).prop_map(|(origins, credentials)| Layer { origins, credentials })
}

fn cases() -> impl Strategy<Value = Case> {
    let group = || subsequence(ORIGINS.to_vec(), 0..=2);
    let consents = proptest::collection::vec(any::<bool>(), CONSENTS.len());
    let layers_over = proptest::collection::vec(layers(), 0..3);
    ([group(), group()], any::<bool>(), consents, layers(), layers_over).prop_map(
        |(groups, of_variable, consents, base, layers)| Case {
            groups,
            of_variable,
            consents,
            base,
            layers,
        },
    )
}

impl Case {
    fn build(&self, write: &dyn Fn(&Elements) -> Elements) -> Result<Policy, ConfigErrors> {
        let given = self.consents.iter().zip(CONSENTS);
        let mut builder = given
            .fold(Policy::builder(), |builder, (is_given, consent)| consent(builder, *is_given));
        for (name, list) in GROUPS.iter().zip(&self.groups) {
            let of_code = if self.of_variable { &[][..] } else { list };
            builder = builder.origin_group(&name[1..], of_code);
        }
        if self.of_variable {
            builder = builder.from_env_with(|name| match name {
                "CORS_ORIGINS_ADMIN" => Some(self.groups[0].join(",").into()),
                "CORS_ORIGINS_ADMIN_UI" => Some(self.groups[1].join(",").into()),
                _ => None,
            });
        }
        if let Some((_, list)) = &self.base.origins {
            builder = builder.allow_origins(write(list));
        }
        builder = match &self.base.credentials {
            Credentials::Unset => builder,
            Credentials::OfAll => builder.allow_credentials(true),
            Credentials::Of(list) => builder.allow_credentials(write(list)),
        };
        let base = builder.build_layered()?;
        let policy = self.layers.iter().try_fold(base, |policy, layer| {
            policy.apply(&layer.build(write).build(&Source::Here)?, &Source::Here, &[])
        })?;
        Ok(policy.policy().clone())
    }

    /// A list with the origins in the place of the names.
    fn written_out(&self, list: &Elements) -> Elements {
        let of_element = |element: &&'static str| {
            let group = GROUPS.iter().position(|name| name == element);
            group.map_or_else(|| vec![*element], |group| self.groups[group].clone())
        };
        list.iter().flat_map(of_element).collect()
    }
}

impl Layer {
    fn build(&self, write: &dyn Fn(&Elements) -> Elements) -> OverrideBuilder {
        let builder = Override::builder();
        let builder = match &self.origins {
            None => builder,
            Some((0, list)) => builder.allow_origins(write(list)),
            Some((1, list)) => builder.add_allow_origins(write(list)),
            Some((_, list)) => builder.remove_allow_origins(write(list)),
        };
        match &self.credentials {
            Credentials::Unset => builder,
            Credentials::OfAll => builder.allow_credentials(true),
            Credentials::Of(list) => builder.allow_credentials(write(list)),
        }
    }
}

/// The policy, or what is wrong: codes alone, since messages name the group.
fn outcome(built: Result<Policy, ConfigErrors>) -> Result<Policy, Vec<&'static str>> {
    built.map_err(|errors| errors.iter().map(cors_core::ConfigError::code).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_name_is_its_origins_written_out(case in cases()) {
        let named = outcome(case.build(&Clone::clone));
        let written_out = outcome(case.build(&|list| case.written_out(list)));
        prop_assert_eq!(named, written_out);
    }
}
